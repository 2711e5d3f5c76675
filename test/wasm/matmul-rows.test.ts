import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { BareKernels } from '@convoy/engine/testing';
import { describe, expect, test } from 'vitest';

const UNTOUCHED = 7;
const ROWS = 41;
const made = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + 0.3));

/** Rows [first, end) of Aᵀ·B of the first `examples` rows of A and B; the others are what was there. */
function rowsOf(kernels: BareKernels, columns: number, examples: number, cuts: readonly number[]): number[] {
  kernels.clear();
  const room = examples + 2;
  const a = kernels.view([room, ROWS], made(room * ROWS), true);
  const b = kernels.view([room, columns], made(room * columns).toReversed(), true);
  const y = kernels.view([ROWS, columns], UNTOUCHED);
  const { run } = kernels.bindRows('matmul', [a, b], [y], { transposeA: true, transposeB: false });
  cuts.slice(1).forEach((end, i) => run({ examples, begin: cuts[i] * columns, end: end * columns }));
  return Array.from(y.data);
}

/** In double precision. */
function expectedRows(columns: number, examples: number): number[] {
  const room = examples + 2;
  const [a, b] = [made(room * ROWS), made(room * columns).toReversed()];
  return Array.from({ length: ROWS * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let n = 0; n < examples; n++) sum += a[n * ROWS + i] * b[n * columns + j];
    return sum;
  });
}

for (const [name, kernels] of [
  ['wasm', await BareKernels.of(wasm())],
  ['js', await BareKernels.of(js())],
] as const) {
  describe(`rows of a transposed product over the batch, ${name}`, () => {
    for (const columns of [1, 5, 8, 13, 16, 40]) {
      for (const examples of [0, 1, 13, 300]) {
        test(`${examples} examples, ${columns} columns: the sum, and the same bits in ranges as at once`, () => {
          const whole = rowsOf(kernels, columns, examples, [0, ROWS]);
          const exact = expectedRows(columns, examples);
          whole.forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThan(1e-4));
          expect(rowsOf(kernels, columns, examples, [0, 1, 16, 19, 35, ROWS])).toEqual(whole);
        });
      }
    }

    test('writes no other row', () => {
      const [columns, examples] = [8, 3];
      const some = rowsOf(kernels, columns, examples, [17, 34]);
      const whole = rowsOf(kernels, columns, examples, [0, ROWS]);
      some.forEach((value, at) => {
        const inside = at >= 17 * columns && at < 34 * columns;
        expect(value).toBe(inside ? whole[at] : UNTOUCHED);
      });
    });
  });
}
