import { defineOp, type Op } from '../../define/op/op.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { add } from './chain-rule.js';
import { div, exp, greater, log1p, max, min, mul, neg, select, sub, abs } from './arithmetic.js';

/** max(x, 0); the gradient at 0 is 0. */
export const relu: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('relu', {
  attributes: takes(1),
  shape: ([x]) => x,
  lower: ([x]) => max(x, 0),
  gradient: (dy, _inputs, y) => [mul(dy, greater(y, 0))],
});

/** min(max(x, 0), 6); the gradient at 0 and 6 is 0. */
export const relu6: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('relu6', {
  attributes: takes(1),
  shape: ([x]) => x,
  lower: ([x]) => min(max(x, 0), 6),
  gradient: (dy, [x]) => [mul(dy, mul(greater(x, 0), greater(6, x)))],
});

/** x where x > 0, αx elsewhere; α is 0.2 by default. */
export const leakyRelu: Op<[x: SymbolicTensor], { alpha?: number }> = defineOp<
  [x: SymbolicTensor],
  { alpha?: number },
  { alpha: number }
>('leakyRelu', {
  attributes: takes(1, ['alpha'], ({ alpha = 0.2 }) => ({ alpha })),
  shape: ([x]) => x,
  lower: ([x], { alpha }) => select(greater(x, 0), x, mul(x, alpha)),
});

/** x where x > 0, α(eˣ − 1) elsewhere; α is 1 by default. */
export const elu: Op<[x: SymbolicTensor], { alpha?: number }> = defineOp<
  [x: SymbolicTensor],
  { alpha?: number },
  { alpha: number }
>('elu', {
  attributes: takes(1, ['alpha'], ({ alpha = 1 }) => ({ alpha })),
  shape: ([x]) => x,
  lower: ([x], { alpha }) => select(greater(x, 0), x, mul(alpha, sub(exp(min(x, 0)), 1))),
});

/** 1 / (1 + e⁻ˣ) */
export const sigmoid: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('sigmoid', {
  attributes: takes(1),
  shape: ([x]) => x,
  lower: ([x]) => div(1, add(1, exp(neg(x)))),
  gradient: (dy, _inputs, y) => [mul(dy, mul(y, sub(1, y)))],
});

/** log(1 + eˣ), without overflow. */
export const softplus: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('softplus', {
  attributes: takes(1),
  shape: ([x]) => x,
  lower: ([x]) => add(max(x, 0), log1p(exp(neg(abs(x))))),
  gradient: (dy, [x]) => [mul(dy, sigmoid(x))],
});

/** x · sigmoid(x) */
export const swish: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('swish', {
  attributes: takes(1),
  shape: ([x]) => x,
  lower: ([x]) => mul(x, sigmoid(x)),
});

/** x */
export const linear: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('linear', {
  elementwise: 'identity',
  shape: ([x]) => x,
  gradient: (dy) => [dy],
});
