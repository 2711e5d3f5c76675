import type { PoolAttributes } from '@convoy/layers';
import { defineKernel, rows, rowSize, type View } from '@convoy/engine/kernels';
import { windowsOf, type PoolWindow } from './windows.js';

function elementsOf({ rows: [top, bottom], columns: [left, right] }: PoolWindow): number {
  return (bottom - top) * (right - left);
}

/** y[n,p,q,c] = mean of the elements of the window that lie inside the image. */
export const averagePool2d = defineKernel<PoolAttributes>({
  bind({ inputs, outputs, attributes }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const eachWindow = windowsOf(x, y, attributes);
    const visit = (window: PoolWindow, output: number): void => {
      const {
        at,
        rows: [top, bottom],
        columns: [left, right],
        stepH,
        stepW,
      } = window;
      let sum = 0;
      for (let h = top; h < bottom; h++) {
        for (let w = left; w < right; w++) sum += x.data[at + h * stepH + w * stepW];
      }
      y.data[output] = sum / elementsOf(window);
    };
    return (run) => eachWindow(rows(x, run), visit);
  },
});

/** dx: each dy is shared out evenly over the elements of its window that lie inside the image. */
export const averagePool2dGradient = defineKernel<PoolAttributes>({
  bind({ inputs, outputs, attributes }) {
    const [dy] = inputs as [View];
    const [dx] = outputs as [View];
    const eachWindow = windowsOf(dx, dy, attributes);
    const size = rowSize(dx);
    const visit = (window: PoolWindow, output: number): void => {
      const {
        at,
        rows: [top, bottom],
        columns: [left, right],
        stepH,
        stepW,
      } = window;
      const share = dy.data[output] / elementsOf(window);
      for (let h = top; h < bottom; h++) {
        for (let w = left; w < right; w++) {
          const index = at + h * stepH + w * stepW;
          dx.data[index] = dx.data[index] + share;
        }
      }
    };
    return (run) => {
      const n = rows(dy, run);
      dx.data.fill(0, 0, n * size);
      eachWindow(n, visit);
    };
  },
});
