import { numberFromJson, type Program } from '@convoy/engine/executors';
import { RuntimeError } from '@convoy/engine';
import { Usage } from '../device/flags.js';
import type { Session } from '../device/session.js';
import type { Operand } from '../device-kernel.js';
import { bytesOf, ownKey, type Place, type ProgramPlan } from './plan-program.js';

/** The buffers of one program. */
export interface Buffers {
  readonly pool: readonly GPUBuffer[];
  readonly own: ReadonlyMap<string, GPUBuffer>;
  /** Both sides of each variable; one buffer for both of a variable that the program does not write. */
  readonly variables: readonly (readonly [GPUBuffer, GPUBuffer])[];
}

const DATA = Usage.storage | Usage.copySource | Usage.copyTarget;

/** All of them or none. @throws RuntimeError saying what they take and what takes most, when the device has no room */
export async function makeBuffers(session: Session, program: Program, plan: ProgramPlan): Promise<Buffers> {
  const name = `program '${program.name}'`;
  const made: GPUBuffer[] = [];
  const make = (label: string, bytes: number): GPUBuffer => {
    const buffer = session.createBuffer(label, bytes, DATA);
    made.push(buffer);
    return buffer;
  };
  try {
    return await session.checked(name, () => filled(session, program, plan, make));
  } catch (error) {
    for (const buffer of made) buffer.destroy();
    if (!(error instanceof RuntimeError) || error.code !== 'GPU_MEMORY') throw error;
    const [largest] = made.toSorted((a, b) => b.size - a.size);
    throw new RuntimeError(
      `${name}: its buffers do not fit into the memory of the device '${session.report.name}': ${mebibytes(made)} of ${made.length}, the largest ` +
        `${mebibytes([largest])}, ${largest.label}; use a smaller batchSize or smaller layers, or dispose other engines on this device`,
      'GPU_MEMORY',
      { cause: error },
    );
  }
}

function mebibytes(buffers: readonly GPUBuffer[]): string {
  return `${(buffers.reduce((sum, { size }) => sum + size, 0) / 2 ** 20).toFixed(1)} MiB`;
}

function filled(
  session: Session,
  program: Program,
  plan: ProgramPlan,
  make: (label: string, bytes: number) => GPUBuffer,
): Buffers {
  const pool = plan.pool.map(({ bytes, label }) => make(label, bytes));
  const own = new Map([...plan.own].map(([key, bytes]) => [key, make(key, bytes)] as const));
  const variables = program.variables.map(({ name, shape, written }) => {
    const bytes = 4 * shape.reduce((product, n) => product * n, 1);
    const one = make(`variable '${name}'`, bytes);
    return [one, written ? make(`variable '${name}'`, bytes) : one] as const;
  });
  for (const { offset, elements, values } of program.constants) {
    const buffer = own.get(ownKey('constants', offset));
    if (!buffer || elements === 0) continue;
    const given = values.map(numberFromJson);
    // One for all elements, of which a batch has more than a shard.
    const numbers = given.length === 1 ? new Float32Array(buffer.size / 4).fill(given[0]) : Float32Array.from(given);
    session.device.queue.writeBuffer(buffer, 0, numbers);
  }
  return { pool, own, variables };
}

export function destroyBuffers({ pool, own, variables }: Buffers): void {
  for (const buffer of new Set([...pool, ...own.values(), ...variables.flat()])) buffer.destroy();
}

/** The bytes of an operand when the state's committed side is `side`. @throws RuntimeError when they are too many for one binding */
export function bindingOf(
  session: Session,
  buffers: Buffers,
  place: Place,
  operand: Operand,
  side: number,
): GPUBufferBinding {
  const size = Math.max(4, bytesOf(operand));
  const most = session.device.limits.maxStorageBufferBindingSize;
  if (size > most) {
    throw new RuntimeError(
      `an operand of shape [${operand.shape.join()}] has ${size} bytes, and the device '${session.report.name}' binds at most ${most}; ` +
        'use a smaller batchSize or a smaller layer',
      'GPU_LIMIT',
    );
  }
  return { buffer: bufferAt(buffers, place, side), offset: 0, size };
}

function bufferAt({ pool, own, variables }: Buffers, place: Place, side: number): GPUBuffer {
  switch (place.kind) {
    case 'pool':
      return pool[place.buffer];
    case 'own':
      return own.get(place.key) as GPUBuffer;
    case 'variable':
      return variables[place.index][place.next ? 1 - side : side];
  }
}
