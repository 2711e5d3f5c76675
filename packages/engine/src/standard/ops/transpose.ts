import { defineOp, type Op } from '../../define/op/op.js';
import { formatShape } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { ValueError } from '../../errors.js';

/** Axis j of the result is axis permutation[j] of x. */
export const transpose: Op<[x: SymbolicTensor], { permutation: readonly number[] }> = defineOp<
  [x: SymbolicTensor],
  { permutation: readonly number[] }
>('transpose', {
  attributes: takes(1, ['permutation']),
  shape([x], { permutation }) {
    const sorted = permutation.toSorted((a, b) => a - b);
    if (sorted.length !== x.length || sorted.some((axis, i) => axis !== i)) {
      throw new ValueError(
        `permutation [${permutation.join(', ')}] is not an order of the axes of ${formatShape(x)}`,
        'AXIS',
      );
    }
    return permutation.map((axis) => x[axis] as number | null);
  },
  gradient: (dy, _inputs, _y, { permutation }) => {
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [transpose(dy, { permutation: inverse })];
  },
});
