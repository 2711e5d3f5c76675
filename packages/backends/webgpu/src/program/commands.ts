/** The commands of a step, bound once for each side of the state. */
import { ConvoyError, RuntimeError } from '@convoy/engine';
import { Usage } from '../device/flags.js';
import type { Session } from '../device/session.js';
import type { Operand } from '../device-kernel.js';
import { bindingOf, type Buffers } from './make-buffers.js';
import type { Place, PlannedDispatch } from './plan-program.js';

/** One dispatch, ready to be encoded. */
export interface Command {
  /** Layer and kernel, for messages. */
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  /** For each side of the state. */
  readonly bindGroups: readonly [GPUBindGroup, GPUBindGroup];
  readonly groups: readonly [number, number, number];
}

/** Bytes from one dispatch's numbers to the next: the alignment of uniform buffers that every device has. */
const ALIGNMENT = 256;
/** Bytes of what a shader knows of the run: five numbers, in a multiple of 16. */
export const RUN_BYTES = 32;

export interface CommandSource {
  readonly dispatches: readonly PlannedDispatch[];
  readonly places: ReadonlyMap<Operand, Place>;
  readonly buffers: Buffers;
  /** The numbers of the run, which change from step to step. */
  readonly run: GPUBuffer;
  /** Whether the sides of the state differ. */
  readonly flips: boolean;
}

/** Makes all pipelines and bind groups. `params` is the buffer of all dispatches' numbers. */
export async function makeCommands(
  session: Session,
  source: CommandSource,
): Promise<{ commands: Command[]; params: GPUBuffer }> {
  const { dispatches, places, buffers, run, flips } = source;
  const params = paramsBuffer(session, dispatches);
  const pipelines = await session.checked('its shaders', () => allPipelines(session, dispatches));
  const commands: Command[] = [];
  for (const [i, { label, shader, reads, writes, groups }] of dispatches.entries()) {
    const uniforms = [
      { buffer: run, size: RUN_BYTES },
      { buffer: params, offset: i * ALIGNMENT, size: uniformBytes(shader.params.length) },
    ];
    const bind = (side: number): GPUBindGroup =>
      session.bindGroup(label, shader, [
        ...uniforms,
        ...[...reads, ...writes].map((operand) =>
          bindingOf(session, buffers, places.get(operand) as Place, operand, side),
        ),
      ]);
    const first = await named(label, () => session.checked(label, () => bind(0)));
    commands.push({ label, pipeline: pipelines[i], bindGroups: [first, flips ? bind(1) : first], groups });
  }
  return { commands, params };
}

/** All of them, or the first error once nothing is pending: a thread must not end before. */
async function allPipelines(session: Session, dispatches: readonly PlannedDispatch[]): Promise<GPUComputePipeline[]> {
  const made = await Promise.allSettled(dispatches.map(({ label, shader }) => session.pipeline(label, shader)));
  return made.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** Records the commands of a step. */
export function encode(pass: GPUComputePassEncoder, commands: readonly Command[], side: number): void {
  for (const { pipeline, bindGroups, groups } of commands) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroups[side]);
    pass.dispatchWorkgroups(...groups);
  }
}

async function named<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ConvoyError) || cause.message.startsWith(label)) throw cause;
    throw new RuntimeError(`${label}: ${cause.message}`, cause.code, { cause });
  }
}

function paramsBuffer(session: Session, dispatches: readonly PlannedDispatch[]): GPUBuffer {
  const bytes = new ArrayBuffer(Math.max(1, dispatches.length) * ALIGNMENT);
  dispatches.forEach(({ shader, params }, i) => {
    const words = new Uint32Array(bytes, i * ALIGNMENT, shader.params.length);
    shader.params.forEach((name, j) => (words[j] = params[name] ?? 0));
  });
  const buffer = session.createBuffer('numbers of dispatches', bytes.byteLength, Usage.uniform | Usage.copyTarget);
  session.device.queue.writeBuffer(buffer, 0, bytes);
  return buffer;
}

function uniformBytes(words: number): number {
  return Math.ceil((4 * Math.max(1, words)) / 16) * 16;
}
