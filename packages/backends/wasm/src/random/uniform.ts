import { defineKernel, rows, rowSize, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { RandomExports } from './exports.js';

/**
 * Uniform in [0, 1) with 24 bits: the same for an example and a step whichever thread draws it, and however the batch is cut.
 */
export function randomUniform(exports: RandomExports): Kernel {
  return defineKernel<{ key: readonly [number, number] }>({
    bind({ outputs, attributes: { key } }): BoundKernel {
      const [y] = outputs as [View];
      const yAt = addressOf(y.data);
      const perRow = y.batched ? rowSize(y) : y.data.length;
      return (run) => {
        const first = y.batched ? run.firstExample : 0;
        exports.randomUniform(yAt, y.batched ? rows(y, run) : 1, perRow, first, run.step, key[0], key[1]);
      };
    },
  });
}
