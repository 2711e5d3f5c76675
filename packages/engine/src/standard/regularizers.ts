import { describeValue } from '../define/plugin/describe-value.js';
import { checkNumber } from '../define/plugin/options.js';
import { defineRegularizer, type RegularizerFactory } from '../define/regularizer.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { formatShape, sizeOf } from '../define/op/shape.js';
import { ValueError } from '../errors.js';
import { abs, div, max, mul, sqrt, square, sub } from './ops/arithmetic.js';
import { add, reduceSum, reshape } from './ops/chain-rule.js';
import { matmul } from './ops/matmul.js';

function absolutes(w: SymbolicTensor, l1: number): SymbolicTensor {
  return mul(reduceSum(abs(w)), l1);
}

function squares(w: SymbolicTensor, l2: number): SymbolicTensor {
  return mul(reduceSum(square(w)), l2);
}

/** l1 · Σ|w|; l1 is 0.01 by default. */
export const l1: RegularizerFactory<{ l1?: number }> = defineRegularizer<{ l1?: number }>(
  'l1',
  ({ l1: rate = 0.01 }) => {
    checkNumber('l1', rate, 'a number >= 0');
    return (w) => absolutes(w, rate);
  },
  ['l1'],
);

/** l2 · Σw², by default 0.01 · Σw²: without the half of TensorFlow's `contrib.layers.l2_regularizer`. */
export const l2: RegularizerFactory<{ l2?: number }> = defineRegularizer<{ l2?: number }>(
  'l2',
  ({ l2: rate = 0.01 }) => {
    checkNumber('l2', rate, 'a number >= 0');
    return (w) => squares(w, rate);
  },
  ['l2'],
);

/** l1 · Σ|w| + l2 · Σw²; both are 0.01 by default. */
export const l1l2: RegularizerFactory<{ l1?: number; l2?: number }> = defineRegularizer<{ l1?: number; l2?: number }>(
  'l1l2',
  ({ l1: rate1 = 0.01, l2: rate2 = 0.01 }) => {
    checkNumber('l1', rate1, 'a number >= 0');
    checkNumber('l2', rate2, 'a number >= 0');
    return (w) => add(absolutes(w, rate1), squares(w, rate2));
  },
  ['l1', 'l2'],
);

/** How much `orthogonal` weighs, and between which vectors. */
export interface OrthogonalOptions {
  /** Default: 0.01. */
  factor?: number;
  /** Which vectors are to be orthogonal: 'columns' (default), the filters of a kernel, or 'rows', as Keras has it. */
  mode?: 'columns' | 'rows';
}

/**
 * factor times the mean of |cosine| over all pairs of vectors, as Keras's OrthogonalRegularizer: 0 where they are
 * orthogonal. The weight is the matrix of all axes but the last (rows) and the last (columns).
 */
export const orthogonal: RegularizerFactory<OrthogonalOptions> = defineRegularizer<OrthogonalOptions>(
  'orthogonal',
  ({ factor = 0.01, mode = 'columns' }) => {
    checkNumber('factor', factor, 'a number >= 0');
    if (mode !== 'columns' && mode !== 'rows') {
      throw new ValueError(`mode must be 'columns' or 'rows', got ${describeValue(mode)}`, 'OPTION');
    }
    return (w) => cosines(w, factor, mode);
  },
  ['factor', 'mode'],
);

function cosines(w: SymbolicTensor, rate: number, mode: 'columns' | 'rows'): SymbolicTensor {
  if (w.rank < 2) {
    throw new ValueError(`needs a weight of rank 2 or more, got ${formatShape(w.shape)}`, 'RANK');
  }
  const columns = w.shape.at(-1) as number;
  const matrix = reshape(w, { shape: [sizeOf(w.shape) / columns, columns] });
  const lengths = sqrt(max(reduceSum(square(matrix), { axes: [mode === 'columns' ? 0 : 1], keepDims: true }), 1e-12));
  const unit = div(matrix, lengths);
  const products =
    mode === 'columns' ? matmul(unit, unit, { transposeA: true }) : matmul(unit, unit, { transposeB: true });
  // Each vector's product with itself is on the diagonal; their sum is that of the squares.
  const offDiagonal = sub(reduceSum(abs(products)), reduceSum(square(unit)));
  const count = mode === 'columns' ? columns : (matrix.shape[0] as number);
  return mul(offDiagonal, rate / Math.max(1, count * (count - 1)));
}
