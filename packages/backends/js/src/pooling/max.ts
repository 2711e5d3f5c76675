import type { PoolAttributes } from '@convoy/layers';
import { defineKernel, rows, rowSize, type NumberArray, type View } from '@convoy/engine/kernels';
import { windowsOf, type PoolWindow } from './windows.js';

/** Index in `x` of the first maximum of a window. */
function firstMaximum(
  x: NumberArray,
  { at, rows: [top, bottom], columns: [left, right], stepH, stepW }: PoolWindow,
): number {
  let best = at + top * stepH + left * stepW;
  for (let h = top; h < bottom; h++) {
    for (let w = left; w < right; w++) {
      const index = at + h * stepH + w * stepW;
      if (x[index] > x[best]) best = index;
    }
  }
  return best;
}

/** y[n,p,q,c] = maximum of the window. */
export const maxPool2d = defineKernel<PoolAttributes>({
  bind({ inputs, outputs, attributes }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const eachWindow = windowsOf(x, y, attributes);
    const visit = (window: PoolWindow, output: number): void => {
      y.data[output] = x.data[firstMaximum(x.data, window)];
    };
    return (run) => eachWindow(rows(x, run), visit);
  },
});

/** dx: each dy goes to the first maximum of its window. */
export const maxPool2dGradient = defineKernel<PoolAttributes>({
  bind({ inputs, outputs, attributes }) {
    const [dy, x] = inputs as [View, View];
    const [dx] = outputs as [View];
    const eachWindow = windowsOf(x, dy, attributes);
    const size = rowSize(x);
    const visit = (window: PoolWindow, output: number): void => {
      const best = firstMaximum(x.data, window);
      dx.data[best] = dx.data[best] + dy.data[output];
    };
    return (run) => {
      const n = rows(x, run);
      dx.data.fill(0, 0, n * size);
      eachWindow(n, visit);
    };
  },
});
