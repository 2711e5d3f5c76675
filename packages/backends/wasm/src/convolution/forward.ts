import { defineKernel, rows, rowSize, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { refuseIntegers } from '../module/refuse-integers.js';
import type { WinogradExports } from '../winograd/exports.js';
import { algorithmFor, type AlgorithmChoice, type ConvolutionAttributes } from './algorithm.js';
import type { ConvolutionExports } from './exports.js';
import { EXAMPLES, geometryOf, sizesOf } from './geometry.js';

/** y[n,p,q,k] = Σ_rsc x[n,h,w,c] · f[r,s,c,k] */
export function conv2d(exports: ConvolutionExports & WinogradExports, choice: AlgorithmChoice): Kernel {
  return defineKernel<ConvolutionAttributes>({
    choose({ inputs, outputs, attributes }) {
      const [x, f] = inputs as [View, View];
      const geometry = geometryOf(x, f, outputs[0], attributes);
      return { algorithm: algorithmFor(choice, geometry, geometry.P, geometry.Q) };
    },
    scratch({ inputs, outputs, attributes }) {
      const [x, f] = inputs as [View, View];
      const { H, W, C, P, Q, K, R, S, paddedHeight, paddedWidth, last } = geometryOf(x, f, outputs[0], attributes);
      return attributes.algorithm === 'winograd'
        ? exports.winogradScratch(x.shape[0], H, W, C, P, Q, K, last)
        : exports.conv2dScratch(C, P, Q, K, R, S, paddedHeight, paddedWidth);
    },
    bind({ inputs, outputs, attributes, scratch }): BoundKernel {
      refuseIntegers(inputs);
      const [x, f] = inputs as [View, View];
      const [y] = outputs as [View];
      const geometry = geometryOf(x, f, y, attributes);
      const { H, W, C, P, Q, K, top, left, paddedHeight, paddedWidth, last, work } = geometry;
      if (work === 0) return (run) => void y.data.fill(0, 0, rows(y, run) * rowSize(y));
      const [xAt, fAt, yAt, scratchAt] = [x.data, f.data, y.data, scratch].map(addressOf);
      const isWinograd = attributes.algorithm === 'winograd';
      const compute = isWinograd ? exports.correlateTiles : exports.conv2d;
      const numbers = isWinograd
        ? [xAt, fAt, yAt, 0, H, W, C, P, Q, K, top, left, 0, last, scratchAt]
        : [xAt, fAt, yAt, 0, ...sizesOf(geometry), top, left, paddedHeight, paddedWidth, last, scratchAt];
      return (run) => {
        numbers[EXAMPLES] = rows(x, run);
        compute(...numbers);
      };
    },
  });
}
