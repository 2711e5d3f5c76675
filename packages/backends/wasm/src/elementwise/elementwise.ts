import {
  defineKernel,
  isSplit,
  type BoundKernel,
  type ElementwiseAttributes,
  type Kernel,
  type View,
} from '@convoy/engine/kernels';
import type { Expressions } from './expressions.js';

/** The kernel `elementwise`. */
export function elementwise(expressions: Expressions): Kernel {
  return defineKernel<ElementwiseAttributes>({
    bind({ inputs, outputs, attributes: { expression } }): BoundKernel {
      const [result] = outputs as [View];
      const { length, turnsPerExample, compute } = expressions.bind(expression, inputs, outputs);
      if (result.batched) return (run) => compute(0, run.examples * turnsPerExample, run);
      const operands = inputs.map(({ shape }) => shape);
      if (isSplit(result.shape, operands)) return (run) => compute(run.begin, run.end, run);
      return (run) => compute(0, length, run);
    },
  });
}
