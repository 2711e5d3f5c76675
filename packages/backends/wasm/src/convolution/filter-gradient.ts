import type { Window } from '@convoy/engine';
import { defineKernel, rows, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { ConvolutionExports } from './exports.js';
import { EXAMPLES, geometryOf, sizesOf } from './geometry.js';

/** df[r,s,c,k] = Σ_npq dy[n,p,q,k] · x[n,h,w,c] over the examples of the shard. */
export function conv2dFilterGradient(exports: ConvolutionExports): Kernel {
  return defineKernel<Window>({
    scratch({ inputs, outputs, attributes }) {
      const [dy, x] = inputs as [View, View];
      const { C, Q, K, paddedHeight, paddedWidth } = geometryOf(x, outputs[0], dy, attributes);
      return exports.conv2dFilterGradientScratch(C, Q, K, paddedHeight, paddedWidth);
    },
    bind({ inputs, outputs, attributes, scratch }) {
      const [dy, x] = inputs as [View, View];
      const [df] = outputs as [View];
      const geometry = geometryOf(x, df, dy, attributes);
      const { top, left, paddedHeight, paddedWidth, channelsLast, work } = geometry;
      if (work === 0) return () => void df.data.fill(0);
      const [dyAt, xAt, dfAt, scratchAt] = [dy.data, x.data, df.data, scratch].map(addressOf);
      const paddings = [top, left, paddedHeight, paddedWidth];
      const numbers = [dyAt, xAt, dfAt, 0, ...sizesOf(geometry), ...paddings, channelsLast ? 1 : 0, scratchAt];
      return (run) => {
        numbers[EXAMPLES] = rows(x, run);
        exports.conv2dFilterGradient(...numbers);
      };
    },
  });
}
