import { addNode } from '../define/op/apply-op.js';
import { defineOp, type Op } from '../define/op/op.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';

export const storeOp: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('store', {
  elementwise: 'identity',
  shape: ([x]) => x,
});

/** x in memory of its own, so that it can be placed where the outside reads it. Fuses into what computes x. */
export function store(x: SymbolicTensor): SymbolicTensor {
  return addNode(storeOp, [x]);
}
