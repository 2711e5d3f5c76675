import type { NumberArray } from '../define/op/kernel.js';
import type { OpDefinition } from '../define/op/op.js';
import { placeholder } from '../define/op/placeholder.js';
import { isBatched } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Batch } from './evaluate.js';
import { madeValues } from './made-values.js';
import type { CaseInput, OpCase } from './op-case.js';

/** A case as a graph with values for its placeholders. */
export interface CaseGraph {
  readonly op: OpDefinition;
  readonly inputs: readonly SymbolicTensor[];
  readonly output: SymbolicTensor;
  readonly values: Map<string, NumberArray>;
  /** Indices of the inputs whose gradients are checked. */
  readonly differentiated: readonly number[];
  /** Seven examples in shards of three, so that the last is short; one where nothing is batched. */
  readonly batch: Batch;
}

export function caseGraph(opCase: OpCase): CaseGraph {
  const isLabels = (input: CaseInput): boolean => input.values?.kind === 'labels';
  const inputs = opCase.inputs.map((input, i) =>
    placeholder(inputName(i), input.shape, isLabels(input) ? 'int32' : 'float32', null),
  );
  const batch = inputs.some((x) => isBatched(x.shape)) ? { examples: 7, shardSize: 3 } : { examples: 1, shardSize: 1 };
  const output = opCase.build(...inputs);
  const values = new Map(
    opCase.inputs.map((input, i) => [inputName(i), madeValues(`${opCase.name}/${i}`, input, batch.examples)]),
  );
  const all = opCase.inputs.flatMap((input, i) => (isLabels(input) ? [] : [i]));
  return { op: output.op, inputs, output, values, differentiated: opCase.gradientsOf ?? all, batch };
}

export function inputName(index: number): string {
  return `input${index}`;
}
