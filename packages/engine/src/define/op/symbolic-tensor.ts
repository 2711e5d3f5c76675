import type { OpDefinition } from './op.js';
import type { Graph } from './graph.js';
import type { DType, Shape } from './shape.js';
import type { Variable } from '../variable/variable.js';
import type { InboundNode } from '../layer/inbound-node.js';

interface SymbolicTensorInit {
  readonly op: OpDefinition;
  readonly inputs: readonly SymbolicTensor[];
  readonly attributes: object;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly graph: Graph | null;
  readonly variable?: Variable;
}

/**
 * A node of the graph: one op applied to the outputs of others. Nothing is computed; shapes are known, with `null`
 * for the batch axis.
 */
export class SymbolicTensor {
  /** What makes its values; of a leaf, such as an input, only a name. */
  readonly op: OpDefinition;
  /** What the op is applied to. */
  readonly inputs: readonly SymbolicTensor[];
  /** Of the op, as its kernel sees them: plain data. */
  readonly attributes: object;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The graph that the tensor lives in; null for what fits any (constants). */
  readonly graph: Graph | null;
  /** The variable that a leaf of op `variable` reads. */
  readonly variable: Variable | null;
  /** Name of the layer whose `call` made this node. */
  scope: string | null = null;
  /** Which of its elements count, as the layer that made it says; null: all. */
  mask: SymbolicTensor | null = null;
  /** The layer call that this tensor is an output of. */
  inboundNode: InboundNode | null = null;

  /** @internal */
  constructor(init: SymbolicTensorInit) {
    this.op = init.op;
    this.inputs = init.inputs;
    this.attributes = init.attributes;
    this.shape = init.shape;
    this.dtype = init.dtype;
    this.graph = init.graph;
    this.variable = init.variable ?? null;
  }

  /** Number of axes, the batch included. */
  get rank(): number {
    return this.shape.length;
  }
}
