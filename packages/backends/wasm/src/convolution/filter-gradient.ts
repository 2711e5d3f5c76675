import type { Kernel, View } from '@convoy/engine/kernels';
import type { Epilogues } from '../elementwise/epilogues.js';
import type { WinogradExports } from '../winograd/exports.js';
import { algorithmFor, type AlgorithmChoice } from './algorithm.js';
import type { ConvolutionExports } from './exports.js';
import { sizesOf } from './geometry.js';
import { passKernel } from './pass-kernel.js';

/** df[r,s,c,k] = Σ_npq dy[n,p,q,k] · x[n,h,w,c] over the examples of the shard. */
export function conv2dFilterGradient(
  exports: ConvolutionExports & WinogradExports,
  choice: AlgorithmChoice,
  epilogues: Epilogues,
): Kernel {
  return passKernel(
    {
      roles: ([dy, x], df) => [x, df, dy] as [View, View, View],
      algorithm: (given, geometry) => algorithmFor(given, geometry, geometry.P, geometry.Q),
      ways(geometry, room) {
        const { H, W, C, P, Q, K, R, S, top, left, paddedHeight, paddedWidth, last } = geometry;
        return {
          direct: {
            compute: exports.conv2dFilterGradient,
            numbers: [...sizesOf(geometry), top, left, paddedHeight, paddedWidth, last],
            scratch: () => exports.conv2dFilterGradientScratch(C, Q, K, R, S, paddedHeight, paddedWidth),
          },
          winograd: {
            compute: exports.filterGradientTiles,
            numbers: [H, W, C, P, Q, K, top, left, last],
            scratch: () => exports.winogradFilterScratch(room, H, W, C, P, Q, K, last),
          },
        };
      },
    },
    choice,
    epilogues,
  );
}
