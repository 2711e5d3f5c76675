/** What a device does at the end of a step: looks whether all sums are finite, and writes the results down. */
import type { Dispatch, Operand } from '../device-kernel.js';
import { eachElement } from '../shader/each-element.js';
import { elements } from '../device-kernel.js';

/** Steps whose results the device keeps. */
export const RESULT_RING = 64;

const NOT_FINITE = `fn refuse(x: f32) {
  // By its bits: a comparison of a value with itself may be taken for granted.
  if ((bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u) { atomicMin(&fence[0], i32(run.index)); }
}`;

/** Sets the fence to this step if any of the sums holds a value that is not finite. */
export function checkSums(sums: readonly Operand[], fence: Operand, storageBuffers: number): Dispatch[] {
  return inPieces(
    sums.filter((sum) => elements(sum) > 0),
    storageBuffers - 1,
  ).flatMap((piece) =>
    eachElement({
      reads: Object.fromEntries(piece.map((sum, n) => [`x${n}`, sum])),
      writes: { fence },
      params: Object.fromEntries(piece.map((sum, n) => [`size${n}`, elements(sum)])),
      count: piece.reduce((most, sum) => Math.max(most, elements(sum)), 0),
      batch: null,
      head: NOT_FINITE,
      body: piece.map((_, n) => `if (i < p.size${n}) { refuse(x${n}_at(i)); }`).join('\n'),
    }),
  );
}

/** Writes results, each a scalar, into their row of the ring. */
export function recordResults(
  results: readonly Operand[],
  ring: Operand,
  fence: Operand | null,
  storageBuffers: number,
): Dispatch[] {
  let first = 0;
  return inPieces(results, storageBuffers - 2).flatMap((piece) => {
    const column = first;
    first += piece.length;
    return eachElement({
      reads: Object.fromEntries(piece.map((result, n) => [`x${n}`, result])),
      writes: { ring, ...(fence ? { fence } : {}) },
      params: { width: results.length, column },
      count: 1,
      batch: null,
      head: fence ? NOT_FINITE : '',
      body: piece
        .map(
          (_, n) => `ring_put(run.index % ${RESULT_RING}u * p.width + p.column + ${n}u, x${n}_at(0u));
${fence ? `refuse(x${n}_at(0u));` : ''}`,
        )
        .join('\n'),
    });
  });
}

function inPieces<T>(all: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, i) => all.slice(i * length, (i + 1) * length));
}
