import type { NumberArray } from '@convoy/engine/kernels';

/** Where an operand lies in the engine's memory, in bytes. */
export function addressOf(data: NumberArray): number {
  return data.byteOffset;
}
