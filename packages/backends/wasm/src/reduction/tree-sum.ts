import { defineKernel, type Kernel } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { ReductionExports } from './exports.js';

/**
 * Adds up the shards' parts as a binary tree, in place, over the run's range: part s takes part s + 1, then s + 2,
 * s + 4, …. The shape of the tree depends on the number of shards alone, so the rounding does too.
 */
export function treeSum({ addRange, isFiniteRange }: ReductionExports): Kernel {
  return defineKernel({
    bind({ inputs }) {
      const parts = inputs.map(({ data }) => addressOf(data));
      return (run) => {
        const { begin, end, shards } = run;
        for (let stride = 1; stride < shards; stride *= 2) {
          for (let s = 0; s + stride < shards; s += 2 * stride) addRange(parts[s], parts[s + stride], begin, end);
        }
        if (isFiniteRange(parts[0], begin, end) === 0) run.nonFinite = true;
      };
    },
  });
}
