import { conv2d } from '@convoy/conv2d';
import { ValueError, type Shape } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { convolve, type ConvolutionSizes } from './direct-convolution.js';
import { engineOfFile } from './engine-for-tests.js';
import { expectError } from './expect-error.js';
import { expectClose, wave } from './numbers.js';

const engine = await engineOfFile();

/** Length n, k taps, stride s, dilation d; with 'same' the output's length and the zeros before and after. */
const sameRows = [
  { n: 4, k: 2, s: 1, d: 1, out: 4, before: 0, after: 1 },
  { n: 5, k: 3, s: 2, d: 1, out: 3, before: 1, after: 1 },
  { n: 6, k: 3, s: 2, d: 1, out: 3, before: 0, after: 1 },
  { n: 8, k: 2, s: 4, d: 1, out: 2, before: 0, after: 0 },
  { n: 224, k: 7, s: 2, d: 1, out: 112, before: 2, after: 3 },
  { n: 4, k: 8, s: 1, d: 1, out: 4, before: 3, after: 4 },
  { n: 9, k: 2, s: 1, d: 3, out: 9, before: 1, after: 2 },
  { n: 9, k: 3, s: 1, d: 2, out: 9, before: 2, after: 2 },
];

/** A row or a column of ones under a kernel of ones: each output counts the taps that do not lie on padding. */
function tapCounts({ n, k, s, d }: (typeof sameRows)[number], axis: 'height' | 'width'): Float32Array | Int32Array {
  const pair = (along: number): [number, number] => (axis === 'height' ? [along, 1] : [1, along]);
  const layer = conv2d({
    filters: 1,
    kernelSize: pair(k),
    strides: pair(s),
    dilationRate: pair(d),
    padding: 'same',
    kernelInitializer: 'ones',
  });
  return layer.apply(engine.tensor(new Float32Array(n).fill(1), [1, ...pair(n), 1])).dataSync();
}

describe('Shapes and padding', () => {
  test("'same' gives ⌈n / s⌉ outputs, the smaller half of the zeros before, the odd one after", () => {
    for (const row of sameRows) {
      const { n, k, s, d, out, before, after } = row;
      expect(Math.max(0, (out - 1) * s + (k - 1) * d + 1 - n), JSON.stringify(row)).toBe(before + after);
      const counts = Array.from({ length: out }, (_, p) => {
        const taps = Array.from({ length: k }, (__, r) => p * s - before + r * d);
        return taps.filter((at) => at >= 0 && at < n).length;
      });
      for (const axis of ['height', 'width'] as const) {
        expect([...tapCounts(row, axis)], `${axis} ${JSON.stringify(row)}`).toEqual(counts);
      }
    }
  });

  test("'valid' gives ⌊(n − length + s) / s⌋ outputs, 'same' ⌈n / s⌉, for every small geometry", () => {
    for (const n of [1, 2, 5, 8]) {
      for (const k of [1, 2, 3]) {
        for (const [s, d] of [
          [1, 1],
          [2, 1],
          [3, 1],
          [1, 2],
          [1, 3],
        ]) {
          const length = (k - 1) * d + 1;
          const make = (padding: 'valid' | 'same') =>
            conv2d({ filters: 1, kernelSize: k, strides: s, dilationRate: d, padding });
          expect(make('same').computeOutputShape([null, n, n, 1])).toEqual([
            null,
            Math.ceil(n / s),
            Math.ceil(n / s),
            1,
          ]);
          if (length > n) continue;
          const out = Math.floor((n - length + s) / s);
          expect(make('valid').computeOutputShape([null, n, n, 1])).toEqual([null, out, out, 1]);
        }
      }
    }
  });

  test('a kernel that is longer than the input is refused, one that just fits is not', () => {
    const layer = conv2d({ filters: 1, kernelSize: [1, 3], dilationRate: [1, 2], name: 'long' });
    expect(layer.computeOutputShape([null, 1, 5, 1])).toEqual([null, 1, 1, 1]);
    const message =
      /^layer 'long': Negative dimension size caused by subtracting 5 from 4: the width of kernel \[1, 3, 1, 1\] /;
    expectError(() => layer.computeOutputShape([null, 1, 4, 1]), ValueError, message);
    expectError(() => layer.apply(engine.input({ shape: [1, 4, 1] })), ValueError, message);
    expectError(() => layer.apply(engine.tensor(wave(4), [1, 1, 4, 1])), ValueError, message);
    expect(layer.built).toBe(false);
  });

  test('a kernel may be longer than the input with same, and shorter than its stride', () => {
    const wide = conv2d({ filters: 1, kernelSize: [1, 8], padding: 'same', kernelInitializer: 'ones' });
    expectClose(wide.apply(engine.tensor(Float32Array.of(1, 2, 3, 4), [1, 1, 4, 1])).dataSync(), [10, 10, 10, 10]);
    const sparse = conv2d({
      filters: 1,
      kernelSize: [1, 2],
      strides: [1, 4],
      padding: 'same',
      kernelInitializer: 'ones',
    });
    const eight = Float32Array.from({ length: 8 }, (_, i) => i);
    expectClose(sparse.apply(engine.tensor(eight, [1, 1, 8, 1])).dataSync(), [1, 9]);
  });

  test('a batch of none and unknown heights and widths are allowed; fractions and negative lengths are not', () => {
    const layer = conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
    expect(layer.computeOutputShape([0, 4, 4, 1])).toEqual([0, 4, 4, 2]);
    expect(layer.computeOutputShape([null, null, null, null])).toEqual([null, null, null, 2]);
    expect(layer.apply(engine.tensor([], [0, 4, 4, 1])).shape).toEqual([0, 4, 4, 2]);
    for (const shape of [
      [null, 4.5, 4, 1],
      [null, 4, -4, 1],
    ] as Shape[]) {
      expect(() => layer.computeOutputShape(shape), String(shape)).toThrow(ValueError);
    }
  });

  test('the numbers are those of the definition: cross-correlation, nothing flipped', () => {
    const sizes: ConvolutionSizes = { input: [2, 5, 6, 3], kernel: [3, 2, 4] };
    const layer = conv2d({ filters: 4, kernelSize: [3, 2] });
    engine.bind(layer).build([null, 5, 6, 3]);
    const [x, kernel, bias] = [wave(180), wave(72, 2), wave(4, 3)];
    layer.setWeights([kernel, bias]);
    expectClose(layer.apply(engine.tensor(x, [2, 5, 6, 3])).dataSync(), convolve(sizes, x, kernel, bias));
  });

  test('channelsFirst transposes input and output only: the kernel stays [height, width, in, out]', () => {
    const options = { filters: 2, kernelSize: [2, 3], strides: [2, 1], padding: 'same' } as const;
    const [last, first] = [conv2d(options), conv2d({ ...options, dataFormat: 'channelsFirst' })];
    engine.bind(last).build([null, 5, 4, 3]);
    engine.bind(first).build([null, 3, 5, 4]);
    expect(first.kernel?.shape).toEqual([2, 3, 3, 2]);
    first.setWeights([last.getWeights()[0], [1, 2]]);
    last.setWeights(first.getWeights());
    const values = wave(60);
    const planes = Float32Array.from({ length: 60 }, (_, i) => values[(i % 20) * 3 + Math.floor(i / 20)]);
    const y = last.apply(engine.tensor(values, [1, 5, 4, 3]));
    const yFirst = first.apply(engine.tensor(planes, [1, 3, 5, 4]));
    expect([y.shape, yFirst.shape]).toEqual([
      [1, 3, 4, 2],
      [1, 2, 3, 4],
    ]);
    expectClose(
      yFirst.dataSync(),
      Float32Array.from({ length: 24 }, (_, i) => y.dataSync()[(i % 12) * 2 + Math.floor(i / 12)]),
    );
  });
});
