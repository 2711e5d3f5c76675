import { addNode, rebuildNode } from '../define/op/apply-op.js';
import { defineOp, type Op } from '../define/op/op.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';

const toFloatOp: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('toFloat', {
  elementwise: 'identity',
  dtype: 'float32',
  shape: ([x]) => x,
});

/** Integers as float32, each rounded to the nearest; those up to 2²⁴ stay what they are. */
function toFloat(x: SymbolicTensor): SymbolicTensor {
  if (x.dtype === 'float32') return x;
  const { view, dtype } = x.op.rules;
  // Below views, so that all views of one tensor share its cast.
  return view && !dtype ? rebuildNode(x, x.inputs.map(toFloat)) : addNode(toFloatOp, [x]);
}

/**
 * The same op on float32, in which kernels compute; null where it is that already. One that makes integers gets them as they are: it may
 * want all their bits.
 */
export function onFloats(node: SymbolicTensor, inputs: readonly SymbolicTensor[]): SymbolicTensor | null {
  if (node.dtype === 'int32' || inputs.every(({ dtype }) => dtype === 'float32')) return null;
  return rebuildNode(node, inputs.map(toFloat));
}
