import type { Window } from '@convoy/engine';
import { defineKernel, rows, rowSize, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { ConvolutionExports } from './exports.js';
import { EXAMPLES, geometryOf, sizesOf } from './geometry.js';

/** y[n,p,q,k] = Σ_rsc x[n,h,w,c] · f[r,s,c,k] */
export function conv2d(exports: ConvolutionExports): Kernel {
  return defineKernel<Window>({
    scratch({ inputs, outputs, attributes }) {
      const [x, f] = inputs as [View, View];
      const { C, P, Q, K, R, S, paddedHeight, paddedWidth } = geometryOf(x, f, outputs[0], attributes);
      return exports.conv2dScratch(C, P, Q, K, R, S, paddedHeight, paddedWidth);
    },
    bind({ inputs, outputs, attributes, scratch }) {
      const [x, f] = inputs as [View, View];
      const [y] = outputs as [View];
      const geometry = geometryOf(x, f, y, attributes);
      const { top, left, paddedHeight, paddedWidth, channelsLast, work } = geometry;
      if (work === 0) return (run) => void y.data.fill(0, 0, rows(y, run) * rowSize(y));
      const [xAt, fAt, yAt, scratchAt] = [x.data, f.data, y.data, scratch].map(addressOf);
      const paddings = [top, left, paddedHeight, paddedWidth];
      const numbers = [xAt, fAt, yAt, 0, ...sizesOf(geometry), ...paddings, channelsLast ? 1 : 0, scratchAt];
      return (run) => {
        numbers[EXAMPLES] = rows(x, run);
        exports.conv2d(...numbers);
      };
    },
  });
}
