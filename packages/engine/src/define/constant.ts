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
