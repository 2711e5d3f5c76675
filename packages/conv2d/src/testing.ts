/**
 * Conformance cases for this package's ops.
 *
 * @packageDocumentation
 */
import { resolveWindow, type Shape, type WindowOptions } from '@convoy/engine';
import type { OpCase } from '@convoy/engine/testing';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from './op.js';
import { outputShape } from './shapes.js';

interface Geometry {
  /** Height, width and channels of the input. */
  readonly input: readonly [number, number, number];
  /** Height, width and filters of the kernel. */
  readonly kernel: readonly [number, number, number];
  readonly options: WindowOptions;
}

const geometries: readonly Geometry[] = [
  { input: [5, 7, 3], kernel: [3, 3, 4], options: {} },
  { input: [5, 7, 3], kernel: [3, 3, 4], options: { padding: 'same' } },
  { input: [6, 5, 2], kernel: [1, 1, 5], options: {} },
  { input: [6, 5, 1], kernel: [2, 4, 3], options: { padding: 'same' } },
  { input: [7, 8, 2], kernel: [3, 2, 3], options: { strides: [2, 3] } },
  { input: [7, 8, 2], kernel: [3, 3, 3], options: { strides: 2, padding: 'same' } },
  { input: [9, 8, 2], kernel: [3, 2, 3], options: { dilationRate: [2, 3] } },
  { input: [9, 9, 2], kernel: [3, 3, 2], options: { dilationRate: 2, strides: 2, padding: 'same' } },
  {
    input: [4, 5, 2],
    kernel: [3, 3, 2],
    options: {
      padding: [
        [2, 0],
        [1, 3],
      ],
    },
  },
  { input: [4, 4, 3], kernel: [2, 2, 3], options: { strides: 3 } },
  // Around the tiles of fast kernels: 16 filters, 2 pixels, 4 channels, 4×4 outputs.
  { input: [9, 10, 4], kernel: [3, 3, 8], options: { padding: 'same' } },
  { input: [13, 6, 8], kernel: [3, 3, 20], options: {} },
  {
    input: [6, 11, 4],
    kernel: [3, 3, 4],
    options: {
      padding: [
        [2, 1],
        [0, 3],
      ],
    },
  },
  { input: [5, 5, 17], kernel: [3, 3, 33], options: { padding: 'same' } },
  { input: [3, 5, 16], kernel: [1, 1, 17], options: {} },
  { input: [5, 6, 5], kernel: [5, 5, 16], options: { padding: 'same' } },
  { input: [3, 3, 200], kernel: [2, 2, 3], options: {} },
];

/** Each geometry in both data formats, for the convolution and both its gradients. */
export const conv2dCases: readonly OpCase[] = geometries.flatMap((geometry) =>
  (['channelsLast', 'channelsFirst'] as const).flatMap((dataFormat) => casesOf(geometry, dataFormat)),
);

function casesOf({ input, kernel, options }: Geometry, dataFormat: 'channelsLast' | 'channelsFirst'): OpCase[] {
  const [h, w, c] = input;
  const [r, s, k] = kernel;
  const window = { ...options, dataFormat };
  const x: Shape = dataFormat === 'channelsLast' ? [null, h, w, c] : [null, c, h, w];
  const filter = [r, s, c, k];
  const y = outputShape(x, filter, resolveWindow(window, x, [r, s]));
  const place = `${dataFormat} input ${h}×${w}×${c} kernel ${r}×${s}×${k} ${JSON.stringify(options)}`;
  return [
    { name: `conv2d ${place}`, inputs: [{ shape: x }, { shape: filter }], build: (a, b) => conv2d(a, b, window) },
    {
      name: `conv2dInputGradient ${place}`,
      inputs: [{ shape: y }, { shape: filter }],
      build: (dy, b) => conv2dInputGradient(dy, b, { ...window, inputShape: x }),
    },
    {
      name: `conv2dFilterGradient ${place}`,
      inputs: [{ shape: y }, { shape: x }],
      build: (dy, a) => conv2dFilterGradient(dy, a, { ...window, filterShape: filter }),
    },
  ];
}
