import { ValueError } from '../../errors.js';
import { formatShape, sizeOf } from './shape.js';
import { SymbolicTensor } from './symbolic-tensor.js';
import type { OpDefinition } from './op.js';

const constantOp: OpDefinition = {
  kind: 'op',
  name: 'constant',
  rules: { shape: () => [], leaf: true },
  home: null,
};

/** The value of a constant node, or null for any other node. */
export function constantValue(node: SymbolicTensor): number | null {
  return node.op === constantOp ? (node.attributes as { value: number }).value : null;
}

/** The values of a tensor known when the graph is made, or null for any other node. */
export function literalValues(node: SymbolicTensor): readonly number[] | null {
  return node.op === literalOp ? (node.attributes as { values: readonly number[] }).values : null;
}

const literalOp: OpDefinition = {
  kind: 'op',
  name: 'literal',
  rules: { shape: () => [], leaf: true },
  home: null,
};

/**
 * A small tensor known when the graph is made: a mask, a matrix. Its values become part of the program.
 *
 * @throws ValueError when the number of values does not fit the shape
 */
export function literal(values: readonly number[], shape: readonly number[]): SymbolicTensor {
  if (values.length !== sizeOf(shape)) {
    throw new ValueError(
      `literal: shape ${formatShape(shape)} holds ${sizeOf(shape)} values, got ${values.length}`,
      'SHAPE_MISMATCH',
    );
  }
  return new SymbolicTensor({
    op: literalOp,
    inputs: [],
    attributes: { values },
    shape,
    dtype: 'float32',
    graph: null,
  });
}

/** A scalar known when the graph is made. */
export function constant(value: number): SymbolicTensor {
  return new SymbolicTensor({
    op: constantOp,
    inputs: [],
    attributes: { value },
    shape: [],
    dtype: 'float32',
    graph: null,
  });
}
