import { RuntimeError, type DType } from '@convoy/engine';
import { defineKernel, sizeOf, type Kernel, type PlannedCall } from '@convoy/engine/kernels';
import type { Shader } from './shader/shader.js';

/** A value of a program on the device, as a kernel sees it: it lies in a buffer, or a part of one, of its own. */
export interface Operand {
  readonly shape: readonly number[];
  /** Whether axis 0 is the batch: `shape[0]` is the room, and `run.examples` of it hold values. */
  readonly batched: boolean;
  /** How elements are stored; arithmetic is done in float32. */
  readonly storage: Storage;
}

/** float16 is for storage only; `fence` is one integer, written by atomics. */
export type Storage = DType | 'float16' | 'fence';

/** One call of a program, to be planned for the device. */
export interface DeviceCall<A extends object = object> {
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly attributes: A;
  /** Storage buffers that one dispatch may bind. */
  readonly storageBuffers: number;
  /** Whether shaders may use operations of subgroups, whose sizes differ from device to device. */
  readonly subgroups: boolean;
  /**
   * Given where the call writes what outlives the step: the number of the first step of the run that is not finite. A dispatch of a later step
   * must write nothing, so that the state before the bad step stays.
   */
  readonly fence: Operand | null;
  /** A float32 buffer for what lies between two dispatches; its contents are undefined. */
  scratch(elements: number): Operand;
}

/** One dispatch: a shader, what it binds in the shader's order, its numbers, and the grid of workgroups. */
export interface Dispatch {
  readonly shader: Shader;
  readonly reads: readonly Operand[];
  readonly writes: readonly Operand[];
  /** By the names that the shader declares: unsigned integers, or signed ones in two's complement. */
  readonly params: Readonly<Record<string, number>>;
  readonly groups: readonly [x: number, y: number, z: number];
}

/** How a call is done on the device. */
export interface DevicePlan<A extends object> {
  /** Dispatches in order; each sees what those before it wrote. */
  plan(call: DeviceCall<A>): readonly Dispatch[];
}

/** A kernel of this backend: asked by the engine what a kernel is asked, and by the device for its dispatches. */
export interface DeviceKernel extends Kernel {
  readonly device: DevicePlan<object>;
}

/** Types one kernel of the device by its attributes. */
export function defineDeviceKernel<A extends object = object>(device: DevicePlan<A>): DeviceKernel {
  const kernel = defineKernel({
    bind() {
      throw new RuntimeError(
        'the webgpu backend computes on a device, not on threads of the CPU: leave out the strategy, or take wasm() for asynchronous training',
        'GPU_ON_CPU',
      );
    },
  });
  return { ...kernel, device };
}

/** Whether a kernel can run on the device. */
export function isDeviceKernel(kernel: Kernel): kernel is DeviceKernel {
  return 'device' in kernel;
}

/** Elements of an operand with a full batch. */
export function elements({ shape }: Pick<Operand, 'shape'> | Pick<PlannedCall['inputs'][0], 'shape'>): number {
  return sizeOf(shape);
}
