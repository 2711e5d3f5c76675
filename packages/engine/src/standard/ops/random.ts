import { addNode } from '../../define/op/apply-op.js';
import { defineOp, type Op } from '../../define/op/op.js';
import type { Shape } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';

export interface RandomAttributes {
  readonly shape: Shape;
  /** Two 32-bit words; set when the program is made, from the engine's seed and the op's place in the model. */
  readonly key: readonly [number, number];
}

export const randomUniformOp: Op<[], { shape: Shape }> = defineOp<[], { shape: Shape }, RandomAttributes>(
  'randomUniform',
  {
    random: true,
    attributes: ({ shape }) => ({ shape, key: [0, 0] }),
    shape: (_shapes, { shape }) => shape,
    gradient: () => [],
  },
);

/** Uniform numbers in [0, 1): new ones at each step, a function of (seed, op, step, example, element). */
export function randomUniform(shape: Shape): SymbolicTensor {
  return addNode(randomUniformOp, [], { shape });
}
