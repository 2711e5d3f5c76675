import type { PoolAttributes } from '@convoy/layers';
import { defineKernel, rows, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { Epilogues } from '../elementwise/epilogues.js';
import { Kind, type PoolingExports } from './exports.js';

/** y[n,p,q,c] = maximum of the window. */
export const maxPool2d = (exports: PoolingExports): Kernel =>
  poolKernel(exports, null, Kind.maximum, ([x], y) => ({ x, each: y }));

/** dx: each dy goes to the first maximum of its window. */
export const maxPool2dGradient = (exports: PoolingExports, epilogues: Epilogues): Kernel =>
  poolKernel(exports, epilogues, Kind.toMaximum, ([dy, x], dx) => ({ x, each: dy, dx }));

/** y[n,p,q,c] = mean of the elements of the window that lie inside the image. */
export const averagePool2d = (exports: PoolingExports): Kernel =>
  poolKernel(exports, null, Kind.mean, ([x], y) => ({ x, each: y }));

/** dx: each dy is shared out evenly over the elements of its window that lie inside the image. */
export const averagePool2dGradient = (exports: PoolingExports, epilogues: Epilogues): Kernel =>
  poolKernel(exports, epilogues, Kind.shares, ([dy], dx) => ({ each: dy, dx }));

/** The images that the windows slide over, as far as a kind has them, and what has an element for each window. */
interface Roles {
  readonly x?: View;
  readonly dx?: View;
  readonly each: View;
}

/** Index of the number of images among what the function takes. */
const IMAGES = 4;

function poolKernel(
  { pool }: PoolingExports,
  /** Null where the function does not tell of complete examples. */
  epilogues: Epilogues | null,
  kind: number,
  rolesOf: (inputs: readonly View[], output: View) => Roles,
): Kernel {
  return defineKernel<PoolAttributes>({
    ...(epilogues && { takesEpilogue: true }),
    bind(call): BoundKernel {
      const { inputs, outputs, attributes } = call;
      const { x, dx, each } = rolesOf(inputs, outputs[0]);
      const image = (x ?? dx) as View;
      const { poolSize, strides, padding, dataFormat } = attributes;
      const last = dataFormat === 'channelsLast';
      const [H, W] = last ? image.shape.slice(1) : image.shape.slice(2);
      const [P, Q] = last ? each.shape.slice(1) : each.shape.slice(2);
      const channels = last ? image.shape[3] : image.shape[1];
      // With channels first, each channel is an image of its own.
      const [imagesPerExample, C] = last ? [1, channels] : [channels, 1];
      const addresses = [x, each, dx].map((view) => (view ? addressOf(view.data) : 0));
      const paddings = [padding[0][0], padding[1][0]];
      const sizes = [H, W, C, P, Q, ...poolSize, ...strides, ...paddings];
      const numbers = [kind, ...addresses, 0, imagesPerExample, ...sizes];
      const expectExamples = epilogues?.duringRunsOf(call);
      return (run) => {
        numbers[IMAGES] = rows(image, run) * imagesPerExample;
        expectExamples?.(run);
        pool(...numbers);
      };
    },
  });
}
