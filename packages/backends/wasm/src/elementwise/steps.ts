import type { ExpressionStep } from '@convoy/engine/kernels';
import type { MathExports } from './exports.js';
import { call, f32x4, f32x4Const, f32x4Splat, localGet, v128And, v128Bitselect } from './instructions.js';

/** What the steps of an expression refer to. */
export interface StepContext {
  /** Instructions that leave a value of the expression, by its number. */
  readonly value: (index: number) => readonly number[];
  /** What a value is known to be, as a float32; null where it is not. */
  readonly constant: (index: number) => number | null;
  /** Index of an imported function. */
  readonly imported: (name: keyof MathExports) => number;
  /** Locals of the scalars of the run, as float32. */
  readonly step: number;
  readonly examples: number;
}

const ONE = f32x4Const(1);
const ZERO = f32x4Const(0);

/** Numbers of the values that a step takes. */
export function argumentsOf(step: ExpressionStep): readonly number[] {
  return step[0] === 'constant' ? [] : (step.slice(1) as number[]);
}

/** Instructions that leave the step's value in four lanes, each rounded to float32. */
export function stepCode(step: ExpressionStep, context: StepContext): number[] {
  const [x, y, z] = argumentsOf(step).map((n) => context.value(n));
  const imported = (name: keyof MathExports): number[] => call(context.imported(name));
  switch (step[0]) {
    case 'constant':
      return f32x4Const(step[1]);
    case 'step':
      return [...localGet(context.step), ...f32x4Splat];
    case 'examples':
      return [...localGet(context.examples), ...f32x4Splat];
    case 'identity':
      return [...x];
    case 'neg':
    case 'abs':
    case 'floor':
    case 'sqrt':
      return [...x, ...f32x4[step[0]]];
    case 'square':
      return [...x, ...x, ...f32x4.mul];
    case 'sign':
      return signCode(x);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return [...x, ...y, ...f32x4[step[0]]];
    case 'max':
    case 'min':
      return extremeCode(step[0], argumentsOf(step), context);
    case 'less':
      return [...x, ...y, ...f32x4.lt, ...ONE, ...v128And];
    case 'lessEqual':
      return [...x, ...y, ...f32x4.le, ...ONE, ...v128And];
    case 'greater':
      return [...x, ...y, ...f32x4.gt, ...ONE, ...v128And];
    case 'greaterEqual':
      return [...x, ...y, ...f32x4.ge, ...ONE, ...v128And];
    case 'equal':
      return [...x, ...y, ...f32x4.eq, ...ONE, ...v128And];
    case 'select':
      return [...y, ...z, ...x, ...ZERO, ...f32x4.ne, ...v128Bitselect];
    case 'pow':
      return [...x, ...y, ...imported('pow4')];
    default:
      return [...x, ...imported(`${step[0]}4`)];
  }
}

/**
 * The larger or smaller of two. With a constant one comparison does: NaN is kept for it is not less than anything, and only two zeros could be
 * confused. That is an instruction of every processor, while `max` and `min` are eight on some.
 */
function extremeCode(name: 'max' | 'min', [a, b]: readonly number[], { value, constant }: StepContext): number[] {
  const [n, x] = constant(b) === null ? [a, b] : [b, a];
  const limit = constant(n) ?? Number.NaN;
  const mixesZeros = name === 'min' && Object.is(limit, -0);
  if (Number.isNaN(limit) || mixesZeros) return [...value(a), ...value(b), ...f32x4[name]];
  const pick = [...value(x), ...value(n), ...(name === 'max' ? f32x4.pmax : f32x4.pmin)];
  // max(−0, 0) is 0, and −0 + 0 as well.
  return name === 'max' && Object.is(limit, 0) ? [...pick, ...ZERO, ...f32x4.add] : pick;
}

/** 1 or −1; 0, −0 and NaN are their own sign. */
function signCode(x: readonly number[]): number[] {
  const ones = [...x, ...ZERO, ...f32x4.gt, ...ONE, ...v128And, ...x, ...ZERO, ...f32x4.lt, ...ONE, ...v128And];
  const sizes = [...x, ...f32x4.abs, ...ZERO, ...f32x4.gt];
  return [...ones, ...f32x4.sub, ...x, ...sizes, ...v128Bitselect];
}
