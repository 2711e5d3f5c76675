import type { Kernel, View } from '@convoy/engine/kernels';
import type { Epilogues } from '../elementwise/epilogues.js';
import type { WinogradExports } from '../winograd/exports.js';
import { inputGradientAlgorithm, type AlgorithmChoice } from './algorithm.js';
import type { ConvolutionExports } from './exports.js';
import { sizesOf } from './geometry.js';
import { passKernel } from './pass-kernel.js';

/** dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k] over all taps r, s that meet h, w. */
export function conv2dInputGradient(
  exports: ConvolutionExports & WinogradExports,
  choice: AlgorithmChoice,
  epilogues: Epilogues,
): Kernel {
  return passKernel(
    {
      roles: ([dy, f], dx) => [dx, f, dy] as [View, View, View],
      algorithm: inputGradientAlgorithm,
      ways(geometry, room) {
        const { H, W, C, P, Q, K, R, S, strides, dilations, top, left, last } = geometry;
        return {
          direct: {
            compute: exports.conv2dInputGradient,
            numbers: [...sizesOf(geometry), top, left, last],
            scratch: () => exports.conv2dInputGradientScratch(H, W, C, K, R, S, ...strides, ...dilations, top, left),
          },
          scatter: {
            compute: exports.scatterInputGradient,
            numbers: [...sizesOf(geometry), top, left, last],
            scratch: () => exports.scatterScratch(H, W, C, P, Q, K, R, S),
          },
          // The same sum with the filter mirrored, inputs and outputs exchanged.
          winograd: {
            compute: exports.correlateTiles,
            numbers: [P, Q, K, H, W, C, 2 - top, 2 - left, 1, last],
            scratch: () => exports.winogradScratch(room, P, Q, K, H, W, C, last),
          },
        };
      },
    },
    choice,
    epilogues,
  );
}
