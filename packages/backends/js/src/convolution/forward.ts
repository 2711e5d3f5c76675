import type { Window } from '@convoy/engine';
import { defineKernel, rows, type View } from '@convoy/engine/kernels';
import type { Taps } from '../image.js';
import { windowsOf } from './windows.js';

/**
 * y[n,p,q,k] = Σ_rsc x[n,h,w,c] · f[r,s,c,k]. The sums over one output pixel are kept in double precision for all
 * filters at once, so that the inner loop runs along a row of the filter.
 */
export const conv2d = defineKernel<Window>({
  bind({ inputs, outputs, attributes }) {
    const [xView, fView] = inputs as [View, View];
    const [yView] = outputs as [View];
    const [dilationH, dilationW] = attributes.dilationRate;
    const { image, result, filter, rowTaps, columnTaps } = windowsOf(xView, fView, yView, attributes);
    const [, S = 0, C = 0, K = 0] = filter;
    const x = xView.data;
    const f = fView.data;
    const y = yView.data;
    const sums = new Float64Array(K);

    return (run) => {
      const n = rows(xView, run);
      for (let i = 0; i < n; i++) {
        for (let p = 0; p < result.height; p++) {
          for (let q = 0; q < result.width; q++) {
            sums.fill(0);
            addWindow(i, rowTaps[p], columnTaps[q]);
            const at = i * result.stepN + p * result.stepH + q * result.stepW;
            for (let k = 0; k < K; k++) y[at + k * result.stepC] = sums[k];
          }
        }
      }
    };

    function addWindow(i: number, tapsH: Taps, tapsW: Taps): void {
      for (let r = tapsH.from; r < tapsH.to; r++) {
        const row = i * image.stepN + (tapsH.start + r * dilationH) * image.stepH;
        for (let s = tapsW.from; s < tapsW.to; s++) {
          const pixel = row + (tapsW.start + s * dilationW) * image.stepW;
          for (let c = 0; c < C; c++) {
            const value = x[pixel + c * image.stepC];
            const tap = ((r * S + s) * C + c) * K;
            for (let k = 0; k < K; k++) sums[k] = sums[k] + value * f[tap + k];
          }
        }
      }
    }
  },
});
