import type { Window } from '@convoy/engine';
import { defineKernel, rows, rowSize, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { ConvolutionExports } from './exports.js';
import { EXAMPLES, geometryOf, sizesOf } from './geometry.js';

/** dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k] over all taps r, s that meet h, w. */
export function conv2dInputGradient(exports: ConvolutionExports): Kernel {
  return defineKernel<Window>({
    scratch({ inputs, outputs, attributes }) {
      const [dy, f] = inputs as [View, View];
      const { H, W, C, K, R, S, strides, dilations, top, left } = geometryOf(outputs[0], f, dy, attributes);
      return exports.conv2dInputGradientScratch(H, W, C, K, R, S, ...strides, ...dilations, top, left);
    },
    bind({ inputs, outputs, attributes, scratch }) {
      const [dy, f] = inputs as [View, View];
      const [dx] = outputs as [View];
      const geometry = geometryOf(dx, f, dy, attributes);
      const { top, left, channelsLast, work } = geometry;
      if (work === 0) return (run) => void dx.data.fill(0, 0, rows(dx, run) * rowSize(dx));
      const [dyAt, fAt, dxAt, scratchAt] = [dy.data, f.data, dx.data, scratch].map(addressOf);
      const paddings = [top, left];
      const numbers = [dyAt, fAt, dxAt, 0, ...sizesOf(geometry), ...paddings, channelsLast ? 1 : 0, scratchAt];
      return (run) => {
        numbers[EXAMPLES] = rows(dy, run);
        exports.conv2dInputGradient(...numbers);
      };
    },
  });
}
