/** Sums, maxima and classes beside the JS backend: any axes of any shape, special values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '@convoy/engine/kernels';
import { both, expectNear, operand, special } from './beside-js.js';

const finite = fc.double({ min: -9, max: 9, noNaN: true }).map(Math.fround);
const length = fc.constantFrom(0, 1, 2, 3, 4, 5, 16, 17);

/** A shape of up to 600 elements, some of its axes, and how many of its rows are there. */
const reductions = fc
  .array(length, { minLength: 0, maxLength: 5 })
  .filter((shape) => sizeOf(shape) <= 600)
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.subarray(shape.map((_, axis) => axis)),
      missing: fc.integer({ min: 0, max: Math.min(1, shape[0] ?? 0) }),
    }),
  )
  .map(({ shape, axes, missing }) => ({
    shape,
    axes,
    batched: shape.length > 0,
    result: shape.filter((_, axis) => !axes.includes(axis)),
    examples: (shape[0] ?? 1) - missing,
  }));

test('maxima over any axes have the bits of the JS backend', () => {
  const all = reductions.chain((r) => operand(r.shape, r.batched).map((x) => ({ ...r, x })));
  fc.assert(
    fc.property(all, ({ x, axes, result, examples }) => {
      const [y, expected] = both('reduceMax', [x], result, { axes, keepDims: false }, { examples });
      expect(y).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});

test('sums over any axes are within 1e-6 of the sum of magnitudes', () => {
  const all = reductions.chain((r) => operand(r.shape, r.batched, finite).map((x) => ({ ...r, x })));
  fc.assert(
    fc.property(all, ({ x, axes, result, examples }) => {
      const attributes = { axes, keepDims: false };
      const [y, expected] = both('reduceSum', [x], result, attributes, { examples });
      const [, sizes] = both('reduceSum', [{ ...x, values: x.values.map(Math.abs) }], result, attributes, { examples });
      y.forEach((value, i) => expectNear(value, expected[i], 1e-6 * sizes[i]));
    }),
    { numRuns: 400 },
  );
});

test('infinities and NaN reach the sums that they are part of, and no others', () => {
  const values = Array.from({ length: 70 * 19 }, (_, i) => (i % 19) / 8);
  values[3 * 19 + 1] = Infinity;
  values[66 * 19 + 2] = -Infinity;
  values[5 * 19 + 17] = Number.NaN;
  values[4 * 19 + 18] = Infinity;
  values[68 * 19 + 18] = -Infinity;
  for (const axes of [[0], [1]]) {
    const [y, expected] = both('reduceSum', [{ shape: [70, 19], values }], [axes[0] === 0 ? 19 : 70], { axes });
    y.forEach((value, i) => expectNear(value, expected[i], 1e-4));
  }
});

test('a sum along an example does not depend on the examples beside it', () => {
  const values = Array.from({ length: 9 * 5 * 37 }, (_, i) => Math.sin(i * 3.7));
  const all = both('reduceSum', [{ shape: [9, 5, 37], values, batched: true }], [9, 37], { axes: [1] })[0];
  for (let n = 0; n < 9; n++) {
    const row = values.slice(n * 5 * 37, (n + 1) * 5 * 37);
    const [alone] = both('reduceSum', [{ shape: [1, 5, 37], values: row, batched: true }], [1, 37], { axes: [1] });
    expect(alone).toEqual(all.slice(n * 37, (n + 1) * 37));
  }
});

describe('the class of', () => {
  test('the largest score is that of the JS backend, whatever is equal or NaN', () => {
    const scores = fc
      .record({ rows: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 1, max: 19 }) })
      .chain(({ rows, classes }) => operand([rows, classes], true));
    fc.assert(
      fc.property(scores, (x) => {
        const [y, expected] = both('argMax', [x], [x.shape[0]], {});
        expect(y).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('a label has a 1, and what is no class has none: too small, too large, between two, or NaN', () => {
    const label = fc.oneof(special, fc.integer({ min: -40, max: 40 }), fc.constantFrom(0.5, -0.5, 1e10, -1e10));
    const labels = fc.array(label, { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(labels, fc.integer({ min: 0, max: 5 }), (values, depth) => {
        const x = { shape: [values.length], values, batched: true };
        const [y] = both('oneHot', [x], [values.length, depth], { depth });
        // Not the JS backend's: it adds a label to the place of its row, where a tiny one is lost.
        const expected = values.flatMap((v) => Array.from({ length: depth }, (_, c) => (c === Math.fround(v) ? 1 : 0)));
        expect(y).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
