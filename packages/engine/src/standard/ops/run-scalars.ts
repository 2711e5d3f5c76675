import { addNode } from '../../define/apply-op.js';
import { defineOp, type Op } from '../../define/op.js';
import type { SymbolicTensor } from '../../define/symbolic-tensor.js';

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
