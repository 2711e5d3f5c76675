/** Steps of one argument. */
export const UNARY = [
  'identity',
  'neg',
  'abs',
  'sign',
  'floor',
  'exp',
  'log',
  'log1p',
  'sqrt',
  'square',
  'sin',
  'cos',
  'tanh',
] as const;

/** Steps of two arguments. */
export const BINARY = [
  'add',
  'sub',
  'mul',
  'div',
  'max',
  'min',
  'pow',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'equal',
] as const;

/** `select(condition, a, b)`: a where the condition is not zero. Comparisons give 1 or 0. */
export const TERNARY = ['select'] as const;

/** Scalars the run brings along: steps done before this one, examples in the whole batch. */
export const RUN_SCALARS = ['step', 'examples'] as const;

/** A step that computes. @inline */
export type ElementwiseName = (typeof UNARY)[number] | (typeof BINARY)[number] | (typeof TERNARY)[number];
const ARGUMENTS: ReadonlyMap<string, number> = new Map(
  [UNARY, BINARY, TERNARY].flatMap((names, i) => names.map((name) => [name, i + 1] as const)),
);

/** Arguments that a step takes; undefined when there is no such step. */
export function argumentCount(name: ElementwiseName): number | undefined {
  return ARGUMENTS.get(name);
}

/** A step that takes one of `RUN_SCALARS`. @inline */
export type RunScalar = (typeof RUN_SCALARS)[number];

/** Values are numbered: the call's operands first, then one per step. A step names its arguments by number. */
export type ExpressionStep =
  readonly ['constant', number] | readonly [RunScalar] | readonly [ElementwiseName, ...number[]];

/**
 * Elementwise arithmetic as data. Every backend prints an expression into its own language; the compiler fuses
 * neighbouring elementwise ops into one. Each step is rounded to float32, so fused equals unfused to the bit.
 */
export interface Expression {
  readonly steps: readonly ExpressionStep[];
  /** The value stored in each output of the call. */
  readonly outputs: readonly number[];
}

/** Attributes of the kernel `elementwise`: all outputs have one shape; operands broadcast to it. */
export interface ElementwiseAttributes {
  readonly expression: Expression;
}
