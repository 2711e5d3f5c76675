import { defineKernel, rows, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { refuseIntegers } from '../module/refuse-integers.js';
import type { WinogradExports } from '../winograd/exports.js';
import { algorithmFor, type AlgorithmChoice, type ConvolutionAttributes } from './algorithm.js';
import type { ConvolutionExports } from './exports.js';
import { EXAMPLES, geometryOf, sizesOf } from './geometry.js';

/** df[r,s,c,k] = Σ_npq dy[n,p,q,k] · x[n,h,w,c] over the examples of the shard. */
export function conv2dFilterGradient(exports: ConvolutionExports & WinogradExports, choice: AlgorithmChoice): Kernel {
  return defineKernel<ConvolutionAttributes>({
    choose({ inputs, outputs, attributes }) {
      const [dy, x] = inputs as [View, View];
      const geometry = geometryOf(x, outputs[0], dy, attributes);
      return { algorithm: algorithmFor(choice, geometry, geometry.P, geometry.Q) };
    },
    scratch({ inputs, outputs, attributes }) {
      const [dy, x] = inputs as [View, View];
      const { H, W, C, P, Q, K, R, S, paddedHeight, paddedWidth, last } = geometryOf(x, outputs[0], dy, attributes);
      return attributes.algorithm === 'winograd'
        ? exports.winogradFilterScratch(x.shape[0], H, W, C, P, Q, K, last)
        : exports.conv2dFilterGradientScratch(C, Q, K, R, S, paddedHeight, paddedWidth);
    },
    bind({ inputs, outputs, attributes, scratch }): BoundKernel {
      refuseIntegers(inputs);
      const [dy, x] = inputs as [View, View];
      const [df] = outputs as [View];
      const geometry = geometryOf(x, df, dy, attributes);
      const { H, W, C, P, Q, K, top, left, paddedHeight, paddedWidth, last, work } = geometry;
      if (work === 0) return () => void df.data.fill(0);
      const [dyAt, xAt, dfAt, scratchAt] = [dy.data, x.data, df.data, scratch].map(addressOf);
      const isWinograd = attributes.algorithm === 'winograd';
      const compute = isWinograd ? exports.filterGradientTiles : exports.conv2dFilterGradient;
      const numbers = isWinograd
        ? [dyAt, xAt, dfAt, 0, H, W, C, P, Q, K, top, left, last, scratchAt]
        : [dyAt, xAt, dfAt, 0, ...sizesOf(geometry), top, left, paddedHeight, paddedWidth, last, scratchAt];
      return (run) => {
        numbers[EXAMPLES] = rows(x, run);
        compute(...numbers);
      };
    },
  });
}
