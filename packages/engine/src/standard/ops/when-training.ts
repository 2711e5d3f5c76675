import { defineOp, type Op } from '../../define/op/op.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { formatShape, sameShape } from '../../define/op/shape.js';
import { ValueError } from '../../errors.js';

/** The first value while training, the second in `evaluate` and `predict`. Only the chosen one is computed. */
export const whenTraining: Op<[training: SymbolicTensor, inference: SymbolicTensor]> = defineOp<
  [training: SymbolicTensor, inference: SymbolicTensor]
>('whenTraining', {
  attributes: takes(2),
  shape([training, inference]) {
    if (!sameShape(training, inference)) {
      throw new ValueError(
        `both values need one shape, got ${formatShape(training)} and ${formatShape(inference)}`,
        'SHAPE_MISMATCH',
      );
    }
    return training;
  },
  resolve: ([training, inference], program) => (program.training ? training : inference),
});
