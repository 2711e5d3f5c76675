import { defineKernel, rows, rowSize, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { refuseIntegers } from '../module/refuse-integers.js';
import type { WinogradExports } from '../winograd/exports.js';
import { algorithmFor, type AlgorithmChoice, type ConvolutionAttributes } from './algorithm.js';
import type { ConvolutionExports } from './exports.js';
import { EXAMPLES, geometryOf, sizesOf } from './geometry.js';

/** dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k] over all taps r, s that meet h, w. */
export function conv2dInputGradient(exports: ConvolutionExports & WinogradExports, choice: AlgorithmChoice): Kernel {
  return defineKernel<ConvolutionAttributes>({
    choose({ inputs, outputs, attributes }) {
      const [dy, f] = inputs as [View, View];
      const geometry = geometryOf(outputs[0], f, dy, attributes);
      return { algorithm: algorithmFor(choice, geometry, geometry.H, geometry.W) };
    },
    scratch({ inputs, outputs, attributes }) {
      const [dy, f] = inputs as [View, View];
      const { H, W, C, P, Q, K, R, S, strides, dilations, top, left, last } = geometryOf(outputs[0], f, dy, attributes);
      return attributes.algorithm === 'winograd'
        ? exports.winogradScratch(dy.shape[0], P, Q, K, H, W, C, last)
        : exports.conv2dInputGradientScratch(H, W, C, K, R, S, ...strides, ...dilations, top, left);
    },
    bind({ inputs, outputs, attributes, scratch }): BoundKernel {
      refuseIntegers(inputs);
      const [dy, f] = inputs as [View, View];
      const [dx] = outputs as [View];
      const geometry = geometryOf(dx, f, dy, attributes);
      const { H, W, C, P, Q, K, top, left, last, work } = geometry;
      if (work === 0) return (run) => void dx.data.fill(0, 0, rows(dx, run) * rowSize(dx));
      const [dyAt, fAt, dxAt, scratchAt] = [dy.data, f.data, dx.data, scratch].map(addressOf);
      const isWinograd = attributes.algorithm === 'winograd';
      const compute = isWinograd ? exports.correlateTiles : exports.conv2dInputGradient;
      const numbers = isWinograd
        ? [dyAt, fAt, dxAt, 0, P, Q, K, H, W, C, 2 - top, 2 - left, 1, last, scratchAt]
        : [dyAt, fAt, dxAt, 0, ...sizesOf(geometry), top, left, last, scratchAt];
      return (run) => {
        numbers[EXAMPLES] = rows(dy, run);
        compute(...numbers);
      };
    },
  });
}
