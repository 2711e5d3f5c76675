/** Pooling beside the JS backend: windows of every size, stride and padding, both data formats, special values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sizeOf } from '@convoy/engine/kernels';
import { both, expectNear, operand } from './beside-js.js';

const finite = fc.double({ min: -9, max: 9, noNaN: true }).map(Math.fround);

interface Pooling {
  readonly image: readonly number[];
  readonly result: readonly number[];
  readonly attributes: object;
  readonly examples: number;
}

/** Windows along one axis: its length, and padding that is smaller than the window. */
const axis = fc
  .record({ length: fc.integer({ min: 1, max: 7 }), pool: fc.integer({ min: 1, max: 3 }) })
  .chain(({ length, pool }) =>
    fc.record({
      length: fc.constant(length),
      pool: fc.constant(pool),
      stride: fc.integer({ min: 1, max: 3 }),
      before: fc.integer({ min: 0, max: pool - 1 }),
      after: fc.integer({ min: 0, max: pool - 1 }),
    }),
  )
  .filter(({ length, pool, before, after }) => length + before + after >= pool)
  .map((a) => ({ ...a, outputs: Math.floor((a.length + a.before + a.after - a.pool) / a.stride) + 1 }));

const pooling: fc.Arbitrary<Pooling> = fc
  .record({
    h: axis,
    w: axis,
    C: fc.constantFrom(0, 1, 3, 4, 5, 8, 16, 17),
    N: fc.integer({ min: 1, max: 3 }),
    missing: fc.integer({ min: 0, max: 1 }),
    last: fc.boolean(),
  })
  .map(({ h, w, C, N, missing, last }) => ({
    image: last ? [N, h.length, w.length, C] : [N, C, h.length, w.length],
    result: last ? [N, h.outputs, w.outputs, C] : [N, C, h.outputs, w.outputs],
    attributes: {
      poolSize: [h.pool, w.pool],
      strides: [h.stride, w.stride],
      padding: [
        [h.before, h.after],
        [w.before, w.after],
      ],
      dilationRate: [1, 1],
      dataFormat: last ? 'channelsLast' : 'channelsFirst',
    },
    examples: N - missing,
  }));

/** A pooling with an image to pool. */
const ofImage = pooling.chain((p) => operand(p.image, true).map((x) => ({ ...p, x })));

test('maxima have the bits of the JS backend', () => {
  fc.assert(
    fc.property(ofImage, ({ x, result, attributes, examples }) => {
      const [y, expected] = both('maxPool2d', [x], result, attributes, { examples });
      expect(y).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('so have their gradients, where windows do not overlap', () => {
  const apart = ofImage
    .filter(({ attributes }) => {
      const { poolSize, strides } = attributes as { poolSize: number[]; strides: number[] };
      return poolSize.every((n, i) => n <= strides[i]);
    })
    .chain((p) => operand(p.result, true).map((dy) => ({ ...p, dy })));
  fc.assert(
    fc.property(apart, ({ x, dy, image, attributes, examples }) => {
      const [dx, expected] = both('maxPool2dGradient', [dy, x, dy], image, attributes, { examples });
      expect(dx).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('gradients of overlapping maxima, means and gradients of means differ by roundings alone', () => {
  const all = ofImage.chain((p) =>
    fc.tuple(operand(p.image, true, finite), operand(p.result, true, finite)).map(([means, dy]) => ({
      ...p,
      means,
      dy,
    })),
  );
  fc.assert(
    fc.property(all, ({ x, means, dy, image, result, attributes, examples }) => {
      const run = { examples };
      const pairs = [
        both('maxPool2dGradient', [dy, x, dy], image, attributes, run),
        both('averagePool2d', [means], result, attributes, run),
        both('averagePool2dGradient', [dy], image, attributes, run),
      ];
      for (const [ours, expected] of pairs) ours.forEach((value, i) => expectNear(value, expected[i], 5e-5));
    }),
    { numRuns: 200 },
  );
});

describe('windows of 2×2 with stride 2 over an even image,', () => {
  const image = [2, 6, 4, 8];
  const result = [2, 3, 2, 8];
  const x = { shape: image, values: Array.from({ length: sizeOf(image) }, (_, i) => Math.sin(i * 7.3)), batched: true };
  const dy = { shape: result, values: Array.from({ length: sizeOf(result) }, (_, i) => (i % 3) - 1), batched: true };
  const window = { poolSize: [2, 2], strides: [2, 2], dilationRate: [1, 1], dataFormat: 'channelsLast' };
  test.each([
    ['padded on no side', [0, 0], [0, 0]],
    ['padded above', [1, 0], [0, 0]],
    ['padded below', [0, 1], [0, 0]],
    ['padded on the left', [0, 0], [1, 0]],
    ['padded on the right', [0, 0], [0, 1]],
    ['padded above and on the left', [1, 0], [1, 0]],
  ])('%s', (_, rows, columns) => {
    const attributes = { ...window, padding: [rows, columns] };
    const [y, expectedY] = both('maxPool2d', [x], result, attributes);
    expect(y).toEqual(expectedY);
    const [dx, expectedDx] = both('maxPool2dGradient', [dy, x, dy], image, attributes);
    expect(dx).toEqual(expectedDx);
  });

  test('with gradients of -0, which add 0', () => {
    const zeros = { ...dy, values: dy.values.map(() => -0) };
    const attributes = {
      ...window,
      padding: [
        [0, 0],
        [0, 0],
      ],
    };
    const [dx] = both('maxPool2dGradient', [zeros, x, zeros], image, attributes);
    expect(dx.every((value) => Object.is(value, 0))).toBe(true);
  });
});
