/** Kernels beside those of the JS backend, where the conformance suite does not go: special values, tails, bits. */
import { sizeOf } from '@convoy/engine/kernels';
import { describe, expect, test } from 'vitest';
import { both, ours, reference, UNTOUCHED } from './beside-js.js';

const made = (length: number, scale = 1): number[] =>
  Array.from({ length }, (_, i) => scale * Math.sin(i * 12.9898 + 0.3));

describe('pooling has the bits of the JS backend', () => {
  const windows = [
    {
      poolSize: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      P: 3,
      Q: 3,
    },
    {
      poolSize: [3, 2],
      strides: [1, 2],
      padding: [
        [1, 1],
        [0, 0],
      ],
      P: 6,
      Q: 3,
    },
    {
      poolSize: [3, 3],
      strides: [2, 2],
      padding: [
        [0, 1],
        [1, 0],
      ],
      P: 3,
      Q: 3,
    },
  ];
  for (const { P, Q, ...window } of windows) {
    for (const C of [1, 4, 7, 8]) {
      for (const dataFormat of ['channelsLast', 'channelsFirst'] as const) {
        test(`${window.poolSize.join('×')} stride ${window.strides.join('×')}, ${C} channels, ${dataFormat}`, () => {
          const [image, result] =
            dataFormat === 'channelsLast'
              ? [
                  [3, 6, 6, C],
                  [3, P, Q, C],
                ]
              : [
                  [3, C, 6, 6],
                  [3, C, P, Q],
                ];
          const values = made(3 * 36 * C);
          // Equal elements, and NaN, in some windows.
          values.forEach((_, i) => (values[i] = i % 5 === 0 ? 0.25 : i % 41 === 0 ? Number.NaN : values[i]));
          const x = { shape: image, values, batched: true };
          const dy = { shape: result, values: made(3 * P * Q * C), batched: true };
          const attributes = { ...window, dilationRate: [1, 1], dataFormat };
          const [y, expectedY] = both('maxPool2d', [x], result, attributes, { examples: 2 });
          expect(y).toEqual(expectedY);
          const [dx, expectedDx] = both('maxPool2dGradient', [dy, x, dy], image, attributes, { examples: 2 });
          expect(dx).toEqual(expectedDx);
        });
      }
    }
  }
});

test('random numbers are those of the JS backend, bit for bit, odd rows and later shards too', () => {
  for (const perRow of [1, 2, 7, 64]) {
    const results = [ours, reference].map((kernels) => {
      kernels.clear();
      const output = kernels.view([5, perRow], UNTOUCHED, true);
      kernels
        .bind('randomUniform', [], [output], { key: [123456789, -7] })
        .run({ examples: 4, firstExample: 11, step: 3 });
      return Array.from(output.data);
    });
    expect(results[0]).toEqual(results[1]);
  }
});

test.each([
  ['everything', [5, 3, 4], [0, 1, 2], []],
  ['the last axis', [5, 3, 7], [2], [5, 3]],
  ['all but the last', [5, 9, 35], [0, 1], [35]],
  ['the first and the last', [5, 6, 9], [0, 2], [6]],
  ['every other axis', [3, 4, 2, 5, 3], [0, 2, 4], [4, 5]],
  ['nothing', [3, 4], [], [3, 4]],
] as const)('sums and maxima over %s', (_, shape, axes, result) => {
  for (const name of ['reduceSum', 'reduceMax']) {
    const x = { shape, values: made(sizeOf(shape)), batched: true };
    const [y, expected] = both(name, [x], result, { axes, keepDims: false }, { examples: shape[0] - 1 });
    y.forEach((value, i) =>
      expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(expected[i]))),
    );
  }
});

test('a long sum is as exact as one in double precision, rounded', () => {
  const values = Array.from({ length: 100_000 }, (_, i) => 1 + (i % 7) * 1e-4);
  for (const [shape, result] of [
    [[1, 100_000], []],
    [[6250, 16], [16]],
  ] as const) {
    const axes = result.length === 0 ? [0, 1] : [0];
    const [y, expected] = both('reduceSum', [{ shape, values }], result, { axes, keepDims: false });
    y.forEach((value, i) => expect(Math.abs(value / expected[i] - 1)).toBeLessThan(1e-6));
  }
});

test('matrix products of every form, with tails of every size, agree with the JS backend', () => {
  for (const rows of [1, 2, 5, 33]) {
    for (const columns of [1, 4, 8, 10, 16, 17, 33]) {
      for (const depth of [1, 3, 260]) {
        for (const [transposeA, transposeB] of [
          [false, false],
          [false, true],
          [true, false],
          [true, true],
        ]) {
          const a = { shape: transposeA ? [depth, rows] : [rows, depth], values: made(rows * depth) };
          const b = { shape: transposeB ? [columns, depth] : [depth, columns], values: made(depth * columns, 0.7) };
          const [y, expected] = both('matmul', [a, b], [rows, columns], { transposeA, transposeB });
          y.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-4));
        }
      }
    }
  }
});

test('a row of a product has the same bits among few rows as among many', () => {
  for (const columns of [5, 10, 24, 130]) {
    ours.clear();
    const [a, b] = [ours.view([40, 700], made(40 * 700), true), ours.view([700, columns], made(700 * columns, 0.7))];
    const [few, many] = [5, 40].map((examples) => {
      const y = ours.view([40, columns], UNTOUCHED, true);
      ours.bind('matmul', [a, b], [y], { transposeA: false, transposeB: false }).run({ examples });
      return y.data.slice(0, 5 * columns);
    });
    expect(few).toEqual(many);
  }
});

test('the gradient of an input of few channels is scattered, and of many is not', () => {
  const chosenFor = (C: number, K: number, size: number, strides: number): unknown => {
    ours.clear();
    const side = Math.floor((20 - size) / strides) + 1;
    const [dy, f] = [ours.view([2, side, side, K], 1, true), ours.view([size, size, C, K], 1)];
    const window = { strides: [strides, strides], dilationRate: [1, 1], dataFormat: 'channelsLast' };
    const none = [
      [0, 0],
      [0, 0],
    ];
    const dx = ours.view([2, 20, 20, C], 0, true);
    return ours.bind('conv2dInputGradient', [dy, f], [dx], { ...window, padding: none }).attributes;
  };
  for (const few of [chosenFor(1, 16, 3, 1), chosenFor(3, 32, 7, 2), chosenFor(6, 16, 5, 1)]) {
    expect(few).toMatchObject({ algorithm: 'scatter' });
  }
  expect(chosenFor(16, 16, 2, 1)).toMatchObject({ algorithm: 'direct' });
  expect(chosenFor(16, 16, 3, 1)).toMatchObject({ algorithm: 'winograd' });
});

test("a result of Winograd's algorithm is within 2e-5 of the largest, at 256 channels too", () => {
  const [C, K] = [256, 16];
  const geometry = {
    strides: [1, 1],
    dilationRate: [1, 1],
    padding: [
      [1, 1],
      [1, 1],
    ],
    dataFormat: 'channelsLast',
  };
  const x = { shape: [1, 8, 8, C], values: made(64 * C) };
  const f = { shape: [3, 3, C, K], values: made(9 * C * K) };
  const [y, expected] = both('conv2d', [x, f], [1, 8, 8, K], { ...geometry, algorithm: 'winograd' });
  const largest = Math.max(...expected.map(Math.abs));
  y.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(2e-5 * largest));
});
