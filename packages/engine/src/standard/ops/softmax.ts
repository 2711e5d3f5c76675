import { defineOp, type Op } from '../../define/op/op.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { reduceSum } from './chain-rule.js';
import { div, exp, mul, sub } from './arithmetic.js';
import { reduceMax } from './reductions.js';

const last = { axes: [-1], keepDims: true };

/** eˣ / Σeˣ over the last axis, the maximum taken off first. */
export const softmax: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('softmax', {
  attributes: takes(1),
  shape: ([x]) => x,
  lower: ([x]) => {
    const e = exp(sub(x, reduceMax(x, last)));
    return div(e, reduceSum(e, last));
  },
  gradient: (dy, _inputs, y) => [softmaxGradient(dy, y)],
});

/** dx = (dy − Σ dy·y) · y over the last axis. */
export const softmaxGradient: Op<[dy: SymbolicTensor, y: SymbolicTensor]> = defineOp<
  [dy: SymbolicTensor, y: SymbolicTensor]
>('softmaxGradient', {
  attributes: takes(2),
  shape: ([dy]) => dy,
  lower: ([dy, y]) => mul(sub(dy, reduceSum(mul(dy, y), last)), y),
});
