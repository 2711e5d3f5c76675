/** Elementwise ops: one step of an expression each, with the derivative beside it. */
import { defineOp, type Op } from '../../define/op/op.js';
import { broadcastShapes } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import type { BINARY, UNARY } from '../../define/op/expression.js';
import { fill, sumTo } from './chain-rule.js';

type Derivative = (dy: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor) => SymbolicTensor;
type BinaryDerivative = (
  dy: SymbolicTensor,
  a: SymbolicTensor,
  b: SymbolicTensor,
  y: SymbolicTensor,
) => readonly [SymbolicTensor, SymbolicTensor];

/** `derivative` gives dL/dx from dL/dy; null where the function is flat. */
function unary(name: (typeof UNARY)[number], derivative: Derivative | null): Op<[x: SymbolicTensor]> {
  return defineOp<[x: SymbolicTensor]>(name, {
    elementwise: name,
    shape: ([x]) => x,
    gradient: (dy, [x], y) => [derivative ? derivative(dy, x, y) : null],
  });
}

function binary(
  name: (typeof BINARY)[number],
  derivative: BinaryDerivative | null,
): Op<[a: SymbolicTensor, b: SymbolicTensor]> {
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

/** −x */
export const neg: Op<[x: SymbolicTensor]> = unary('neg', (dy) => neg(dy));
/** |x|; the gradient at 0 is 0. */
export const abs: Op<[x: SymbolicTensor]> = unary('abs', (dy, x) => mul(dy, sign(x)));
/** −1, 0 or 1: the sign of x; no gradient passes. */
export const sign: Op<[x: SymbolicTensor]> = unary('sign', null);
/** The largest integer that is not above x; no gradient passes. */
export const floor: Op<[x: SymbolicTensor]> = unary('floor', null);
/** eˣ */
export const exp: Op<[x: SymbolicTensor]> = unary('exp', (dy, _x, y) => mul(dy, y));
/** The natural logarithm: −∞ at 0, NaN below. */
export const log: Op<[x: SymbolicTensor]> = unary('log', (dy, x) => div(dy, x));
/** log(1 + x), exact near 0. */
export const log1p: Op<[x: SymbolicTensor]> = unary('log1p', (dy, x) => div(dy, addOne(x)));
/** √x: NaN below 0; the gradient at 0 is not finite. */
export const sqrt: Op<[x: SymbolicTensor]> = unary('sqrt', (dy, _x, y) => div(mul(dy, 0.5), y));
/** x² */
export const square: Op<[x: SymbolicTensor]> = unary('square', (dy, x) => mul(dy, mul(x, 2)));
/** sin x, of radians. */
export const sin: Op<[x: SymbolicTensor]> = unary('sin', (dy, x) => mul(dy, cos(x)));
/** cos x, of radians. */
export const cos: Op<[x: SymbolicTensor]> = unary('cos', (dy, x) => neg(mul(dy, sin(x))));
/** (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) */
export const tanh: Op<[x: SymbolicTensor]> = unary('tanh', (dy, _x, y) => mul(dy, sub(1, square(y))));

/** a − b, broadcast as in numpy. */
export const sub: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('sub', (dy) => [dy, neg(dy)]);
/** a · b, element by element, broadcast as in numpy. */
export const mul: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('mul', (dy, a, b) => [mul(dy, b), mul(dy, a)]);
/** a / b, broadcast as in numpy. */
export const div: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('div', (dy, _a, b, y) => [
  div(dy, b),
  neg(div(mul(dy, y), b)),
]);
/** The larger; where both are equal the gradient goes to `a`. */
export const max: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('max', (dy, a, b) => [
  mul(dy, greaterEqual(a, b)),
  mul(dy, less(a, b)),
]);
/** The smaller; where both are equal the gradient goes to `a`. */
export const min: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('min', (dy, a, b) => [
  mul(dy, lessEqual(a, b)),
  mul(dy, greater(a, b)),
]);
/** a to the power b; the gradient of b needs a > 0. */
export const pow: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('pow', (dy, a, b, y) => [
  mul(dy, mul(b, pow(a, sub(b, 1)))),
  mul(dy, mul(y, log(a))),
]);

/** 1 where a < b, 0 elsewhere; no gradient passes. */
export const less: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('less', null);
/** 1 where a ≤ b, 0 elsewhere; no gradient passes. */
export const lessEqual: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('lessEqual', null);
/** 1 where a > b, 0 elsewhere; no gradient passes. */
export const greater: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('greater', null);
/** 1 where a ≥ b, 0 elsewhere; no gradient passes. */
export const greaterEqual: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('greaterEqual', null);
/** 1 where a = b, 0 elsewhere; no gradient passes. */
export const equal: Op<[a: SymbolicTensor, b: SymbolicTensor]> = binary('equal', null);

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
export const stopGradient: Op<[x: SymbolicTensor]> = defineOp<[x: SymbolicTensor]>('stopGradient', {
  elementwise: 'identity',
  shape: ([x]) => x,
  gradient: () => [null],
});

function addOne(x: SymbolicTensor): SymbolicTensor {
  return sub(x, fill(-1, []));
}
