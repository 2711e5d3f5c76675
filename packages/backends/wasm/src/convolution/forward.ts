import type { Kernel, View } from '@convoy/engine/kernels';
import type { Epilogues } from '../elementwise/epilogues.js';
import type { WinogradExports } from '../winograd/exports.js';
import { algorithmFor, type AlgorithmChoice } from './algorithm.js';
import type { ConvolutionExports } from './exports.js';
import { sizesOf } from './geometry.js';
import { passKernel } from './pass-kernel.js';

/** y[n,p,q,k] = Σ_rsc x[n,h,w,c] · f[r,s,c,k] */
export function conv2d(
  exports: ConvolutionExports & WinogradExports,
  choice: AlgorithmChoice,
  epilogues: Epilogues,
): Kernel {
  return passKernel(
    {
      roles: ([x, f], y) => [x, f, y] as [View, View, View],
      algorithm: (given, geometry) => algorithmFor(given, geometry, geometry.P, geometry.Q),
      ways(geometry, room) {
        const { H, W, C, P, Q, K, R, S, top, left, paddedHeight, paddedWidth, last } = geometry;
        return {
          direct: {
            compute: exports.conv2d,
            numbers: [...sizesOf(geometry), top, left, paddedHeight, paddedWidth, last],
            scratch: () => exports.conv2dScratch(C, P, Q, K, R, S, paddedHeight, paddedWidth),
          },
          winograd: {
            compute: exports.correlateTiles,
            numbers: [H, W, C, P, Q, K, top, left, 0, last],
            scratch: () => exports.winogradScratch(room, H, W, C, P, Q, K, last),
          },
        };
      },
    },
    choice,
    epilogues,
  );
}
