/** From a program to dispatches on buffers: what each call of it does, and in which buffer each operand lies. */
import { ValueError } from '@convoy/engine';
import type { Kernel } from '@convoy/engine/kernels';
import { fromJson, type Call, type Program, type Value } from '@convoy/engine/executors';
import { elements, isDeviceKernel, type Dispatch, type Operand } from '../device-kernel.js';
import { BufferPool } from './buffer-pool.js';
import { isIntegerCast } from './integer-casts.js';
import { livesOf, type Life } from './value-lives.js';

/** Where an operand lies. */
export type Place =
  /** A buffer of the pool, for some of the time. */
  | { readonly kind: 'pool'; readonly buffer: number }
  /** A buffer of its own, named by part and offset. */
  | { readonly kind: 'own'; readonly key: string }
  /** One of a variable's two sides: the committed one, or the one that a step writes. */
  | { readonly kind: 'variable'; readonly index: number; readonly next: boolean };

export interface PlannedDispatch extends Dispatch {
  /** Layer and kernel, for messages. */
  readonly label: string;
}

export interface ProgramPlan {
  readonly dispatches: readonly PlannedDispatch[];
  readonly places: ReadonlyMap<Operand, Place>;
  /** Bytes of each buffer of the pool, and the call that needs as many. */
  readonly pool: readonly { readonly bytes: number; readonly label: string }[];
  /** Bytes of each buffer of its own. */
  readonly own: ReadonlyMap<string, number>;
  /** What must be finite for a step to count. */
  readonly sums: readonly Operand[];
  readonly results: readonly Operand[];
}

/** Name of the buffer of the first step, if any, that is not finite. */
export const FENCE = 'fence';

export interface PlanOptions {
  readonly kernel: (name: string) => Kernel;
  readonly storageBuffers: number;
  readonly subgroups: boolean;
  /** Whether activations are stored in float16. */
  readonly f16: boolean;
}

export function planProgram(program: Program, options: PlanOptions): ProgramPlan {
  const { order, inputs, outputs } = livesOf(program);
  const flips = program.variables.some(({ written }) => written);
  const places = new Map<Operand, Place>();
  const pool = new BufferPool();
  const own = new Map<string, number>();
  const buffers = new Map<Life, number>();
  // Stored in float32 whatever the options: float16 holds integers up to 2048.
  const casts = new Set<Life>();
  const sums: Operand[] = [];
  const fence = flips ? ownOperand(FENCE, { shape: [1], batched: false, storage: 'fence' }) : null;
  const dispatches = order.flatMap((index, position) => dispatchesOf(index, position));
  const results = program.results.map(({ value }) => operandOf(value, null));
  return { dispatches, places, pool: pool.slots, own, sums, results };

  function dispatchesOf(index: number, position: number): PlannedDispatch[] {
    const call = program.calls[index];
    const label = labelOf(call);
    const read = call.inputs.map((value, i) => operandOf(value, inputs[position][i]));
    if (call.kernel === 'treeSum') {
      sums.push(...read);
      return [];
    }
    const written = call.outputs.map((value, i) => {
      const life = outputs[position][i];
      if (life && isIntegerCast(program, call, i)) casts.add(life);
      if (life) buffers.set(life, pool.take(bytesOf(shaped(value, life)), label));
      return operandOf(value, life);
    });
    const scratch: number[] = [];
    const writesState = call.outputs.some((value) => program.values[value].part === 'next');
    const planned = planOf(call, label, {
      inputs: read,
      outputs: written,
      attributes: { ...(fromJson(call.choices) as object), ...(fromJson(call.attributes) as object) },
      storageBuffers: options.storageBuffers,
      subgroups: options.subgroups,
      fence: writesState ? fence : null,
      scratch: (size) => {
        const operand: Operand = { shape: [size], batched: false, storage: 'float32' };
        const buffer = pool.take(bytesOf(operand), label);
        scratch.push(buffer);
        places.set(operand, { kind: 'pool', buffer });
        return operand;
      },
    });
    if (writesState && fence && !planned.every(({ reads }) => reads.includes(fence))) {
      throw new TypeError(`${label}: only expressions may write a variable`);
    }
    scratch.forEach((buffer) => pool.give(buffer));
    for (const life of new Set([...inputs[position], ...outputs[position]])) {
      if (life?.last === position) pool.give(buffers.get(life) as number);
    }
    return planned.map((dispatch) => ({ ...dispatch, label }));
  }

  function planOf(call: Call, label: string, asked: Parameters<ReturnType<typeof deviceKernel>['device']['plan']>[0]) {
    try {
      return deviceKernel(call.kernel, label).device.plan(asked);
    } catch (cause) {
      if (cause instanceof ValueError) throw new ValueError(`${label}: ${cause.message}`, cause.code, { cause });
      throw cause;
    }
  }

  function deviceKernel(name: string, label: string) {
    const kernel = options.kernel(name);
    if (isDeviceKernel(kernel)) return kernel;
    throw new ValueError(`${label}: the kernel is made for the CPU, not for a device`, 'NO_KERNEL');
  }

  function shaped(number: number, life: Life | null): Operand {
    const { shape, part, dtype } = program.values[number];
    const isHalf = options.f16 && part === 'activations' && dtype === 'float32' && !(life && casts.has(life));
    return {
      shape: shape.map((length) => length ?? program.batchSize),
      batched: shape[0] === null,
      storage: isHalf ? 'float16' : dtype,
    };
  }

  function operandOf(number: number, life: Life | null): Operand {
    const operand = shaped(number, life);
    const { part, offset } = program.values[number];
    if (part === 'state' || part === 'next') {
      places.set(operand, { kind: 'variable', index: offset, next: part === 'next' });
      return operand;
    }
    if (life) {
      places.set(operand, { kind: 'pool', buffer: buffers.get(life) as number });
      return operand;
    }
    return ownOperand(ownKey(part, offset), operand);
  }

  function ownOperand(key: string, operand: Operand): Operand {
    own.set(key, Math.max(own.get(key) ?? 0, bytesOf(operand)));
    places.set(operand, { kind: 'own', key });
    return operand;
  }
}

export function ownKey(part: Value['part'], offset: number): string {
  return `${part} ${offset}`;
}

/** A multiple of 4, as copies need it. */
export function bytesOf(operand: Operand): number {
  return Math.ceil((elements(operand) * (operand.storage === 'float16' ? 2 : 4)) / 4) * 4;
}

function labelOf({ kernel, scope }: Call): string {
  return scope === null ? `kernel '${kernel}'` : `layer '${scope}', kernel '${kernel}'`;
}
