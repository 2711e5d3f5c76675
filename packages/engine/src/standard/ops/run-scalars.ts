import { addNode } from '../../define/op/apply-op.js';
import { defineOp, type Op } from '../../define/op/op.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';

export const examplesOp: Op<[]> = defineOp<[]>('exampleCount', { shape: () => [], runScalar: 'examples' });
export const stepOp: Op<[]> = defineOp<[]>('stepCount', { shape: () => [], runScalar: 'step' });

/** Scalar: examples in the whole batch. */
export function exampleCount(): SymbolicTensor {
  return addNode(examplesOp, []);
}

/** Scalar: steps done since the model was compiled. */
export function stepCount(): SymbolicTensor {
  return addNode(stepOp, []);
}
