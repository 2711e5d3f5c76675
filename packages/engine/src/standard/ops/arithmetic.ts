/** Elementwise ops: one step of an expression each, with the derivative beside it. */
import { defineOp, type Op } from '../../define/op.js';
import { broadcastShapes } from '../../define/shape.js';
import type { SymbolicTensor } from '../../define/symbolic-tensor.js';
import type { BINARY, UNARY } from '../../define/expression.js';
import { fill, sumTo } from './chain-rule.js';

type Unary = Op<[x: SymbolicTensor]>;
type Binary = Op<[a: SymbolicTensor, b: SymbolicTensor]>;
type Derivative = (dy: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor) => SymbolicTensor;
type BinaryDerivative = (
  dy: SymbolicTensor,
  a: SymbolicTensor,
  b: SymbolicTensor,
  y: SymbolicTensor,
) => readonly [SymbolicTensor, SymbolicTensor];

/** `derivative` gives dL/dx from dL/dy; null where the function is flat. */
function unary(name: (typeof UNARY)[number], derivative: Derivative | null): Unary {
  return defineOp<[x: SymbolicTensor]>(name, {
    elementwise: name,
    shape: ([x]) => x,
    gradient: (dy, [x], y) => [derivative ? derivative(dy, x, y) : null],
  });
}

function binary(name: (typeof BINARY)[number], derivative: BinaryDerivative | null): Binary {
  return defineOp<[a: SymbolicTensor, b: SymbolicTensor]>(name, {
    elementwise: name,
    shape: (shapes) => broadcastShapes(shapes),
    gradient: (dy, [a, b], y) => {
      if (derivative === null) return [null, null];
      const [da, db] = derivative(dy, a, b, y);
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
  });
}

export const neg: Unary = unary('neg', (dy) => neg(dy));
export const abs: Unary = unary('abs', (dy, x) => mul(dy, sign(x)));
export const sign: Unary = unary('sign', null);
export const floor: Unary = unary('floor', null);
export const exp: Unary = unary('exp', (dy, _x, y) => mul(dy, y));
export const log: Unary = unary('log', (dy, x) => div(dy, x));
/** log(1 + x), exact near 0. */
export const log1p: Unary = unary('log1p', (dy, x) => div(dy, addOne(x)));
export const sqrt: Unary = unary('sqrt', (dy, _x, y) => div(mul(dy, 0.5), y));
export const square: Unary = unary('square', (dy, x) => mul(dy, mul(x, 2)));
export const sin: Unary = unary('sin', (dy, x) => mul(dy, cos(x)));
export const cos: Unary = unary('cos', (dy, x) => neg(mul(dy, sin(x))));
export const tanh: Unary = unary('tanh', (dy, _x, y) => mul(dy, sub(1, square(y))));

export const sub: Binary = binary('sub', (dy) => [dy, neg(dy)]);
export const mul: Binary = binary('mul', (dy, a, b) => [mul(dy, b), mul(dy, a)]);
export const div: Binary = binary('div', (dy, _a, b, y) => [div(dy, b), neg(div(mul(dy, y), b))]);
/** The larger; where both are equal the gradient goes to `a`. */
export const max: Binary = binary('max', (dy, a, b) => [mul(dy, greaterEqual(a, b)), mul(dy, less(a, b))]);
/** The smaller; where both are equal the gradient goes to `a`. */
export const min: Binary = binary('min', (dy, a, b) => [mul(dy, lessEqual(a, b)), mul(dy, greater(a, b))]);
/** a to the power b; the gradient of b needs a > 0. */
export const pow: Binary = binary('pow', (dy, a, b, y) => [
  mul(dy, mul(b, pow(a, sub(b, 1)))),
  mul(dy, mul(y, log(a))),
]);

/** Comparisons give 1 or 0. */
export const less: Binary = binary('less', null);
export const lessEqual: Binary = binary('lessEqual', null);
export const greater: Binary = binary('greater', null);
export const greaterEqual: Binary = binary('greaterEqual', null);
export const equal: Binary = binary('equal', null);

/** a where `condition` is not zero, b elsewhere. */
export const select: Op<[condition: SymbolicTensor, a: SymbolicTensor, b: SymbolicTensor]> = defineOp<
  [condition: SymbolicTensor, a: SymbolicTensor, b: SymbolicTensor]
>('select', {
  elementwise: 'select',
  shape: (shapes) => broadcastShapes(shapes),
  gradient: (dy, [condition, a, b]) => [
    null,
    sumTo(select(condition, dy, 0), a.shape),
    sumTo(select(condition, 0, dy), b.shape),
  ],
});

/** x, through which no gradient passes. */
export const stopGradient: Unary = defineOp<[x: SymbolicTensor]>('stopGradient', {
  elementwise: 'identity',
  shape: ([x]) => x,
  gradient: () => [null],
});

function addOne(x: SymbolicTensor): SymbolicTensor {
  return sub(x, fill(-1, []));
}
