import { defineKernel, type NumberArray, type View } from '@convoy/engine/kernels';

/**
 * Adds up the shards' parts as a binary tree, in place, over the run's range: part s takes part s + 1, then s + 2,
 * s + 4, …. The shape of the tree depends on the number of shards alone, so the rounding does too.
 */
export const treeSum = defineKernel({
  bind({ inputs }) {
    const parts = inputs.map((view: View) => view.data);
    const total = parts[0];
    return (run) => {
      const { begin, end, shards } = run;
      for (let stride = 1; stride < shards; stride *= 2) {
        for (let s = 0; s + stride < shards; s += 2 * stride) {
          addInto(parts[s], parts[s + stride], begin, end);
        }
      }
      for (let i = begin; i < end; i++) {
        const x = total[i];
        if (x - x !== 0) run.nonFinite = true;
      }
    };
  },
});

function addInto(a: NumberArray, b: NumberArray, begin: number, end: number): void {
  for (let i = begin; i < end; i++) a[i] = a[i] + b[i];
}
