import { defineOp, type Op } from '../../define/op.js';
import type { SymbolicTensor } from '../../define/symbolic-tensor.js';

/** Integer labels [..] to rows [.., depth] with a 1 at the label. */
export const oneHot: Op<[labels: SymbolicTensor], { depth: number }> = defineOp('oneHot', {
  shape: ([labels], { depth }) => [...labels, depth],
  gradient: () => [null],
});
