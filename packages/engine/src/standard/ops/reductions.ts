import { defineOp, type Op } from '../../define/op/op.js';
import { isBatched } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { broadcastTo, REDUCE_OPTIONS, reduceAttributes, reducedShape, reduceSum, reshape } from './chain-rule.js';
import type { ReduceAttributes, ReduceOptions } from './chain-rule.js';
import { div, equal, mul } from './arithmetic.js';
import { exampleCount } from './run-scalars.js';

/** Maximum over axes, not over the batch. Equal maxima share the gradient. */
export const reduceMax: Op<[x: SymbolicTensor], ReduceOptions> = defineOp<
  [x: SymbolicTensor],
  ReduceOptions,
  ReduceAttributes
>('reduceMax', {
  attributes: takes(1, REDUCE_OPTIONS, (given, [x]) => reduceAttributes(given, x)),
  shape: ([x], attributes) => reducedShape(x, attributes),
  gradient: (dy, [x], y, { axes }) => {
    const kept = { shape: reducedShape(x.shape, { axes, keepDims: true }) };
    const hit = equal(x, broadcastTo(reshape(y, kept), { shape: x.shape }));
    return [mul(reshape(dy, kept), div(hit, reduceSum(hit, { axes, keepDims: true })))];
  },
});

/** Mean over axes; over the batch too, then by the number of examples that are really there. */
export const reduceMean: Op<[x: SymbolicTensor], ReduceOptions> = defineOp<
  [x: SymbolicTensor],
  ReduceOptions,
  ReduceAttributes
>('reduceMean', {
  sumsOverBatch: true,
  attributes: takes(1, REDUCE_OPTIONS, (given, [x]) => reduceAttributes(given, x)),
  shape: ([x], attributes) => reducedShape(x, attributes),
  lower: ([x], { axes, keepDims }) => {
    const fixed = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
    const sum = div(reduceSum(x, { axes, keepDims }), fixed);
    return isBatched(x.shape) && axes.includes(0) ? div(sum, exampleCount()) : sum;
  },
});

/** Index of the first maximum along the last axis. */
export const argMax: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('argMax', {
  attributes: takes(1),
  shape: ([x]) => x.slice(0, -1),
  gradient: () => [null],
});
