import { ValueError } from '../../errors.js';
import type { Constraint } from '../constraint.js';
import type { Graph } from '../op/graph.js';
import type { Partition } from './partitioner.js';
import { formatShape, sizeOf, type DType } from '../op/shape.js';
import { partsOf, type VariablePart } from './variable-part.js';
import { SymbolicTensor } from '../op/symbolic-tensor.js';
import type { OpDefinition } from '../op/op.js';

/** Where a variable's values are kept: the engine's two-sided state. */
export interface VariableStorage {
  /** A copy of the committed values; refused while a run writes. */
  read(): Float32Array;
  /** A copy of the committed values, taken between two steps of whatever runs. */
  readBetweenSteps(): Promise<Float32Array>;
  /** Writes both sides; refused while a run writes. */
  write(values: Float32Array): void;
}

export interface VariableInit {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly constraint: Constraint | null;
  /** Null: in one piece. */
  readonly partition: Partition | null;
  readonly graph: Graph;
  readonly storage: VariableStorage;
}

/** Reads a variable: a leaf of the graph, one per variable. */
const variableOp: OpDefinition = {
  kind: 'op',
  name: 'variable',
  rules: { shape: () => [], leaf: true },
  home: null,
};

/** A value that outlives a step: a weight, an optimizer slot, a running statistic. */
export class Variable {
  /** `SCOPE/NAME:0` of a layer's variable; saved models name it. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType = 'float32';
  /** Given at creation; a layer's own `trainable` counts too. */
  readonly trainable: boolean;
  /** Maps the value after each update to the one that is kept. */
  readonly constraint: Constraint | null;
  /** How a partitioner cut it; null: in one piece. */
  readonly partition: Partition | null;
  readonly graph: Graph;
  /** The variable as an operand of ops: whole, however it is cut. */
  readonly node: SymbolicTensor;
  readonly #storage: VariableStorage;

  /** @internal */
  constructor(init: VariableInit) {
    this.name = init.name;
    this.shape = init.shape;
    this.trainable = init.trainable;
    this.constraint = init.constraint;
    this.partition = init.partition;
    this.graph = init.graph;
    this.#storage = init.storage;
    this.node = new SymbolicTensor({
      op: variableOp,
      inputs: [],
      attributes: { name: init.name },
      shape: init.shape,
      dtype: this.dtype,
      graph: init.graph,
      variable: this,
    });
  }

  /** Number of values. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The pieces that a partitioner made, in order; of a variable in one piece the list is empty. */
  get parts(): readonly VariablePart[] {
    return partsOf(this);
  }

  /** A copy of the committed values, in C order; taken between two steps when a run is under way. */
  data(): Promise<Float32Array> {
    return this.#storage.readBetweenSteps();
  }

  /** A copy of the values at once. @throws RuntimeError while a run that writes is under way: use `data()` then */
  dataSync(): Float32Array {
    return this.#storage.read();
  }

  /**
   * Sets all values, in C order, as float32.
   *
   * @throws ValueError when the number of values does not fit the shape
   * @throws RuntimeError while a run that writes is under way
   */
  assign(values: ArrayLike<number>): void {
    this.checkValues(values);
    this.#storage.write(Float32Array.from(values));
  }

  /** What `assign` would refuse. @throws ValueError when the number of values does not fit the shape */
  checkValues(values: ArrayLike<number>): void {
    if (values.length === this.size) return;
    throw new ValueError(
      `variable '${this.name}': shape ${formatShape(this.shape)} holds ${this.size} values, got ${values.length}`,
      'SHAPE_MISMATCH',
    );
  }
}
