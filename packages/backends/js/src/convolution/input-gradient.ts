import type { Window } from '@convoy/engine';
import { defineKernel, rows, type View } from '@convoy/engine/kernels';
import { imageOf } from '../image.js';

/** A tap, and the output position whose window meets the image position there. */
interface Meeting {
  readonly tap: number;
  readonly output: number;
}

/** For each image position along one axis the taps that meet it: position = output · stride − before + tap · dilation. */
function meetings(length: number, taps: number, outputs: number, axis: 0 | 1, window: Window): Meeting[][] {
  const before = window.padding[axis][0];
  return Array.from({ length }, (_, position) =>
    Array.from({ length: taps }, (__, tap) => ({
      tap,
      output: (position + before - tap * window.dilationRate[axis]) / window.strides[axis],
    })).filter(({ output }) => Number.isInteger(output) && output >= 0 && output < outputs),
  );
}

/** dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k] over all taps r, s that meet h, w. */
export const conv2dInputGradient = defineKernel<Window>({
  bind({ inputs, outputs, attributes }) {
    const [dyView, fView] = inputs as [View, View];
    const [dxView] = outputs as [View];
    const { dataFormat } = attributes;
    const image = imageOf(dxView, dataFormat);
    const result = imageOf(dyView, dataFormat);
    const [R = 0, S = 0, C = 0, K = 0] = fView.shape;
    const rowMeetings = meetings(image.height, R, result.height, 0, attributes);
    const columnMeetings = meetings(image.width, S, result.width, 1, attributes);
    const dy = dyView.data;
    const f = fView.data;
    const dx = dxView.data;
    const sums = new Float64Array(C);

    return (run) => {
      const n = rows(dyView, run);
      for (let i = 0; i < n; i++) {
        for (let h = 0; h < image.height; h++) {
          for (let w = 0; w < image.width; w++) {
            sums.fill(0);
            addMeetings(i, rowMeetings[h], columnMeetings[w]);
            const at = i * image.stepN + h * image.stepH + w * image.stepW;
            for (let c = 0; c < C; c++) dx[at + c * image.stepC] = sums[c];
          }
        }
      }
    };

    function addMeetings(i: number, along: readonly Meeting[], across: readonly Meeting[]): void {
      for (const { tap: r, output: p } of along) {
        for (const { tap: s, output: q } of across) {
          const at = i * result.stepN + p * result.stepH + q * result.stepW;
          for (let c = 0; c < C; c++) {
            const tap = ((r * S + s) * C + c) * K;
            let sum = 0;
            for (let k = 0; k < K; k++) sum += dy[at + k * result.stepC] * f[tap + k];
            sums[c] = sums[c] + sum;
          }
        }
      }
    }
  },
});
