import { defineOp, type Op } from '../../define/op/op.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';

/** Integer labels [..] to rows [.., depth] with a 1 at the label. */
export const oneHot: Op<[labels: SymbolicTensor], { depth: number }> = defineOp<
  [labels: SymbolicTensor],
  { depth: number }
>('oneHot', {
  attributes: takes(1, ['depth']),
  shape: ([labels], { depth }) => [...labels, depth],
  gradient: () => [null],
});
