import { defineOp, type Op } from '../../define/op/op.js';
import { formatShape, isBatched, type Dimension, type Shape } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { ValueError } from '../../errors.js';

/** Which sides are taken as their transposes. Default: neither. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** `MatmulOptions` with the defaults filled in, as kernels see them. */
export interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows of a matrix made of all axes but the last; null while the batch is one of them. */
function rowCount(shape: Shape): Dimension {
  return shape.slice(0, -1).reduce<Dimension>((n, d) => (n === null || d === null ? null : n * d), 1);
}

/**
 * y = A·B, where each operand is the matrix of all its axes but the last (rows) and the last (columns), or its
 * transpose. With `transposeA` the contraction runs over the rows, the batch included, and the parts of the batch
 * add up.
 */
export const matmul: Op<[a: SymbolicTensor, b: SymbolicTensor], MatmulOptions> = defineOp<
  [a: SymbolicTensor, b: SymbolicTensor],
  MatmulOptions,
  MatmulAttributes
>('matmul', {
  sumsOverBatch: true,
  attributes: takes(2, ['transposeA', 'transposeB'], ({ transposeA = false, transposeB = false }) => ({
    transposeA,
    transposeB,
  })),
  shape([a, b], { transposeA, transposeB }) {
    const [aColumns, bColumns] = [a.at(-1) ?? 1, b.at(-1) ?? 1];
    const inner = transposeA ? rowCount(a) : aColumns;
    const other = transposeB ? bColumns : rowCount(b);
    const shapes = `${formatShape(a)}${transposeA ? 'ᵀ' : ''} · ${formatShape(b)}${transposeB ? 'ᵀ' : ''}`;
    if (a.length < 2 || b.length < 2) throw new ValueError(`both sides need rank 2 or more, got ${shapes}`, 'RANK');
    if (inner !== other) {
      throw new ValueError(
        `the left side of ${shapes} has ${inner ?? 'batch'} columns, the right side ${other ?? 'batch'} rows`,
        'SHAPE_MISMATCH',
      );
    }
    if (transposeA !== transposeB && isBatched(b) && !transposeA) {
      throw new ValueError(`the right side of ${shapes} must not be batched`, 'SHAPE_MISMATCH');
    }
    const columns = transposeB ? rowCount(b) : bColumns;
    return transposeA ? [aColumns, columns] : [...a.slice(0, -1), columns];
  },
  gradient(dy, [a, b], _y, { transposeA, transposeB }) {
    if (transposeA && transposeB) {
      const both = { transposeA: true, transposeB: true };
      return [matmul(b, dy, both), matmul(dy, a, both)];
    }
    if (transposeA) return [matmul(b, dy, { transposeB: true }), matmul(a, dy)];
    if (transposeB) return [matmul(dy, b), matmul(dy, a, { transposeA: true })];
    return [matmul(dy, b, { transposeB: true }), matmul(a, dy, { transposeA: true })];
  },
});
