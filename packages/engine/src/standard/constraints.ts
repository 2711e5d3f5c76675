/**
 * Keras's constraints, with one deliberate difference: a norm constraint returns a value that is feasible already bit
 * for bit. Keras's w · clip(n, lo, hi) / (ε + n) changes it a little at every step, so that an inactive constraint
 * drifts.
 */
import { defineConstraint, type ConstraintFactory } from '../define/constraint.js';
import { literal } from '../define/op/constant.js';
import { checkNumber } from '../define/plugin/options.js';
import { formatShape, resolveAxis, sizeOf } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { ValueError } from '../errors.js';
import { div, greaterEqual, lessEqual, max, min, mul, select, sqrt, square } from './ops/arithmetic.js';
import { add, reduceSum, reshape } from './ops/chain-rule.js';
import { matmul } from './ops/matmul.js';

/** Over which axes a constraint takes norms. */
export interface NormOptions {
  /**
   * Axes over which a norm is taken; negative ones count from the end. Default: all but the last, so that each filter
   * of a kernel [height, width, in, out] and each unit of a dense kernel [in, out] has a norm; of a vector the whole.
   * Keras's default is `[0]`.
   */
  axis?: number | readonly number[];
}

function normAxes(given: NormOptions['axis'], w: SymbolicTensor): number[] {
  if (given === undefined) return w.rank === 1 ? [0] : w.shape.map((_, i) => i).slice(0, -1);
  return [given].flat().map((axis) => resolveAxis(axis, w.rank));
}

/** √Σw² over the axes, kept with length 1. */
function normOf(w: SymbolicTensor, axis: NormOptions['axis']): SymbolicTensor {
  return sqrt(reduceSum(square(w), { axes: normAxes(axis, w), keepDims: true }));
}

/** The norm that `maxNorm` allows. */
export interface MaxNormOptions extends NormOptions {
  /** Default: 2. */
  maxValue?: number;
}

/** Norms n above m are scaled down to m: w · m / n; others stay as they are. */
export const maxNorm: ConstraintFactory<MaxNormOptions> = defineConstraint<MaxNormOptions>(
  'maxNorm',
  ({ maxValue = 2, axis }) => {
    checkNumber('maxValue', maxValue, 'a number >= 0');
    return (w) => {
      const n = normOf(w, axis);
      return select(lessEqual(n, maxValue), w, mul(w, div(maxValue, max(n, TINY))));
    };
  },
  ['maxValue', 'axis'],
);

/** The smallest normal float32, in place of a norm that is 0: what it divides stays as it is. */
const TINY = 2 ** -126;

/** All norms become 1: w / n. Zero vectors stay zero. */
export const unitNorm: ConstraintFactory<NormOptions> = defineConstraint<NormOptions>(
  'unitNorm',
  ({ axis }) =>
    (w) => {
      const n = normOf(w, axis);
      const near = mul(greaterEqual(n, 1 - ROUNDING), lessEqual(n, 1 + ROUNDING));
      return select(near, w, select(lessEqual(n, 0), w, div(w, max(n, TINY))));
    },
  ['axis'],
);

/** A norm this near to 1 is 1 but for the rounding of its own sum: projecting again would change bits for nothing. */
const ROUNDING = 2 ** -21;

/** max(w, 0) */
export const nonNeg: ConstraintFactory<object> = defineConstraint('nonNeg', () => (w) => max(w, 0));

/** The norms that `minMaxNorm` allows, and how fast others get there. */
export interface MinMaxNormOptions extends NormOptions {
  /** Default: 0. */
  minValue?: number;
  /** Default: 1. */
  maxValue?: number;
  /** Share of the way to the interval that is gone at once, in (0, 1]. Default: 1. */
  rate?: number;
}

/** Norms n outside [min, max] become rate · clip(n, min, max) + (1 − rate) · n; others stay. Zero vectors stay zero. */
export const minMaxNorm: ConstraintFactory<MinMaxNormOptions> = defineConstraint<MinMaxNormOptions>(
  'minMaxNorm',
  ({ minValue = 0, maxValue = 1, rate = 1, axis }) => {
    checkNumber('minValue', minValue, 'a number >= 0');
    checkNumber('maxValue', maxValue, 'a number >= 0');
    checkNumber('rate', rate, 'a number in (0, 1]');
    if (minValue > maxValue) throw new ValueError(`minValue ${minValue} is above maxValue ${maxValue}`, 'OPTION');
    return (w) => {
      const n = normOf(w, axis);
      const wanted = add(mul(min(max(n, minValue), maxValue), rate), mul(n, 1 - rate));
      const feasible = mul(greaterEqual(n, minValue * (1 - ROUNDING)), lessEqual(n, maxValue));
      return select(feasible, w, select(lessEqual(n, 0), w, mul(w, div(wanted, max(n, TINY)))));
    };
  },
  ['minValue', 'maxValue', 'rate', 'axis'],
);

/**
 * Filters that look the same from all sides: in each window [n, n] of a kernel every ring around the middle becomes its
 * mean, the nearest such kernel. (Keras's RadialConstraint takes one element of the diagonal for each ring.)
 */
export const radial: ConstraintFactory<object> = defineConstraint('radial', () => (w) => {
  const [height, width] = w.shape as readonly number[];
  if (w.rank !== 4 || height !== width || height === undefined) {
    throw new ValueError(`needs a kernel [n, n, in, out] with a square window, got ${formatShape(w.shape)}`, 'RANK');
  }
  const filters = reshape(w, { shape: [height * height, sizeOf(w.shape) / (height * height)] });
  return reshape(matmul(ringMeans(height), filters), { shape: w.shape });
});

/** [n², n²]: row i takes the mean over the ring that element i of the window is in. */
function ringMeans(n: number): SymbolicTensor {
  const ringOf = (i: number): number => {
    const [row, column] = [Math.floor(i / n), i % n];
    return Math.min(row, column, n - 1 - row, n - 1 - column);
  };
  const rings = Array.from({ length: n * n }, (_, i) => ringOf(i));
  const sizes = rings.map((ring) => rings.filter((other) => other === ring).length);
  const values = rings.flatMap((ring, i) => rings.map((other) => (ring === other ? 1 / (sizes[i] as number) : 0)));
  return literal(values, [n * n, n * n]);
}
