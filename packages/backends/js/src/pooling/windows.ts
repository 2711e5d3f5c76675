import type { PoolAttributes } from '@convoy/layers';
import type { View } from '@convoy/engine/kernels';
import { imageOf, tapsAlong } from '../image.js';

/** First row (column) inside the image and the one after the last. */
export type Range = readonly [begin: number, end: number];

/** The indices of a window's elements in one channel of one image: `at + h · stepH + w · stepW`. */
export interface PoolWindow {
  readonly at: number;
  readonly rows: Range;
  readonly columns: Range;
  readonly stepH: number;
  readonly stepW: number;
}

/**
 * Calls back for each window of the first `n` images: its elements inside the image, and the index of the output
 * that it makes. The window object is reused.
 */
export function windowsOf(imageView: View, resultView: View, attributes: PoolAttributes) {
  const { poolSize, dataFormat } = attributes;
  const image = imageOf(imageView, dataFormat);
  const result = imageOf(resultView, dataFormat);
  const along = (outputs: number, length: number, axis: 0 | 1): Range[] =>
    tapsAlong(outputs, poolSize[axis], length, axis, attributes).map(({ start, from, to }) => [
      start + from,
      start + to,
    ]);
  const rows = along(result.height, image.height, 0);
  const columns = along(result.width, image.width, 1);
  const window = { at: 0, rows: [0, 0] as Range, columns: [0, 0] as Range, stepH: image.stepH, stepW: image.stepW };
  return (n: number, visit: (window: PoolWindow, output: number) => void): void => {
    for (let i = 0; i < n; i++) {
      for (let p = 0; p < result.height; p++) {
        window.rows = rows[p];
        for (let q = 0; q < result.width; q++) {
          window.columns = columns[q];
          const output = i * result.stepN + p * result.stepH + q * result.stepW;
          for (let c = 0; c < image.channels; c++) {
            window.at = i * image.stepN + c * image.stepC;
            visit(window, output + c * result.stepC);
          }
        }
      }
    }
  };
}
