import { defineKernel, rows, rowSize, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { vectorsOf } from '../vectors.js';
import type { ReductionExports } from './exports.js';

/** Index of the first maximum along the last axis. */
export function argMax(exports: ReductionExports): Kernel {
  return defineKernel({
    bind({ inputs, outputs }): BoundKernel {
      const [x] = inputs as [View];
      const { perRow, length, isSingle } = vectorsOf(x);
      const [xAt, yAt] = [x, outputs[0]].map(({ data }) => addressOf(data));
      return (run) => exports.argMax(xAt, yAt, isSingle ? 1 : rows(x, run) * perRow, length);
    },
  });
}

/** Labels [..] to rows [.., depth] with a 1 at the label; a label that is no class leaves its row at 0. */
export function oneHot(exports: ReductionExports): Kernel {
  return defineKernel<{ depth: number }>({
    bind({ inputs, outputs, attributes: { depth } }): BoundKernel {
      const [labels] = inputs as [View];
      const [labelsAt, yAt] = [labels, outputs[0]].map(({ data }) => addressOf(data));
      const perRow = rowSize(labels);
      return (run) => exports.oneHot(labelsAt, yAt, rows(labels, run) * perRow, depth);
    },
  });
}
