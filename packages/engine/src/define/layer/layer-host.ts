import type { Constraint } from '../constraint.js';
import type { Graph } from '../op/graph.js';
import type { Initializer } from '../initializer.js';
import type { Partition } from '../variable/partitioner.js';
import type { Part, PartKind } from '../plugin/plugin.js';
import type { SymbolicTensor } from '../op/symbolic-tensor.js';
import type { Tensor } from '../op/tensor.js';
import type { Variable } from '../variable/variable.js';

export interface VariableSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly trainable: boolean;
  readonly constraint: Constraint | null;
  /** Null: in one piece. */
  readonly partition: Partition | null;
}

/** What a layer needs of the engine that it is bound to. */
export interface LayerHost {
  readonly graph: Graph;
  /** @internal */
  createVariable(spec: VariableSpec): Variable;
  /** Gives the memory of a variable back that nobody uses. @internal */
  freeVariable(variable: Variable): void;
  /** The part of that name in one of the engine's plugins. @throws ValueError when none has it */
  lookup(kind: PartKind, name: string): Part;
  /** Computes, at once, a value that depends on variables alone. @internal */
  compute(value: SymbolicTensor): Tensor;
}
