import type { PoolAttributes } from '@convoy/layers';
import { defineKernel, rows, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { int32Flag, refuseIntegers } from '../module/integers.js';
import type { PoolingExports } from './exports.js';

/** y[n,p,q,c] = maximum of the window. */
export const maxPool2d = ({ maxPool2d: compute }: PoolingExports): Kernel =>
  poolKernel(compute, ([x], [y]) => ({ operands: [x, y], image: x, result: y, takesInt32: true }));

/** dx: each dy goes to the first maximum of its window. */
export const maxPool2dGradient = ({ maxPool2dGradient: compute }: PoolingExports): Kernel =>
  poolKernel(compute, ([dy, x], [dx]) => ({ operands: [dy, x, dx], image: x, result: dy }));

/** y[n,p,q,c] = mean of the elements of the window that lie inside the image. */
export const averagePool2d = ({ averagePool2d: compute }: PoolingExports): Kernel =>
  poolKernel(compute, ([x], [y]) => ({ operands: [x, y], image: x, result: y, takesInt32: true }));

/** dx: each dy is shared out evenly over the elements of its window that lie inside the image. */
export const averagePool2dGradient = ({ averagePool2dGradient: compute }: PoolingExports): Kernel =>
  poolKernel(compute, ([dy], [dx]) => ({ operands: [dy, dx], image: dx, result: dy }));

interface Operands {
  readonly operands: readonly View[];
  /** What the windows slide over. */
  readonly image: View;
  /** What has an element for each window. */
  readonly result: View;
  /** Whether the image may hold integers; `compute` is told whether it does. */
  readonly takesInt32?: true;
}

function poolKernel(
  compute: (...numbers: number[]) => void,
  operandsOf: (inputs: readonly View[], outputs: readonly View[]) => Operands,
): Kernel {
  return defineKernel<PoolAttributes>({
    bind({ inputs, outputs, attributes }): BoundKernel {
      const { operands, image, result, takesInt32 } = operandsOf(inputs, outputs);
      if (!takesInt32) refuseIntegers(inputs);
      const { poolSize, strides, padding, dataFormat } = attributes;
      const last = dataFormat === 'channelsLast';
      const [H, W] = last ? image.shape.slice(1) : image.shape.slice(2);
      const [P, Q] = last ? result.shape.slice(1) : result.shape.slice(2);
      const channels = last ? image.shape[3] : image.shape[1];
      // With channels first, each channel is an image of its own.
      const [imagesPerExample, C] = last ? [1, channels] : [channels, 1];
      const addresses = operands.map(({ data }) => addressOf(data));
      const paddings = [padding[0][0], padding[1][0]];
      const numbers = [...addresses, 0, H, W, C, P, Q, ...poolSize, ...strides, ...paddings];
      if (takesInt32) numbers.push(int32Flag(image));
      return (run) => {
        numbers[addresses.length] = rows(image, run) * imagesPerExample;
        compute(...numbers);
      };
    },
  });
}
