import type { Window } from '@convoy/engine';
import { defineKernel, rows, type Kernel, type View } from '@convoy/engine/kernels';
import type { Accumulators } from '../accumulators.js';
import { windowsOf } from './windows.js';

/** df[r,s,c,k] = Σ_npq dy[n,p,q,k] · x[n,h,w,c], summed in double precision over the examples of the shard. */
export function conv2dFilterGradient(accumulators: Accumulators): Kernel {
  return defineKernel<Window>({
    bind({ inputs, outputs, attributes }) {
      const [dyView, xView] = inputs as [View, View];
      const [dfView] = outputs as [View];
      const [dilationH, dilationW] = attributes.dilationRate;
      const { image, result, filter, rowTaps, columnTaps } = windowsOf(xView, dfView, dyView, attributes);
      const [R = 0, S = 0, C = 0, K = 0] = filter;
      const x = xView.data;
      const dy = dyView.data;
      const df = dfView.data;
      const size = R * S * C * K;

      return (run) => {
        const sums = accumulators.filled(size, 0);
        const n = rows(xView, run);
        for (let i = 0; i < n; i++) {
          for (let p = 0; p < result.height; p++) {
            for (let q = 0; q < result.width; q++) addWindow(sums, i, p, q);
          }
        }
        for (let j = 0; j < size; j++) df[j] = sums[j];
      };

      function addWindow(sums: Float64Array, i: number, p: number, q: number): void {
        const at = i * result.stepN + p * result.stepH + q * result.stepW;
        const tapsH = rowTaps[p];
        const tapsW = columnTaps[q];
        for (let r = tapsH.from; r < tapsH.to; r++) {
          const row = i * image.stepN + (tapsH.start + r * dilationH) * image.stepH;
          for (let s = tapsW.from; s < tapsW.to; s++) {
            const pixel = row + (tapsW.start + s * dilationW) * image.stepW;
            for (let c = 0; c < C; c++) {
              const value = x[pixel + c * image.stepC];
              const tap = ((r * S + s) * C + c) * K;
              for (let k = 0; k < K; k++) {
                sums[tap + k] = sums[tap + k] + value * dy[at + k * result.stepC];
              }
            }
          }
        }
      }
    },
  });
}
