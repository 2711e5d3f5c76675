/** The compiler by itself: graphs to programs, and programs to numbers, on one thread and without an engine. */
import { js } from '@convoy/backend-js';
import type { Model, Program, SymbolicTensor } from '@convoy/engine';
import { rebuildNode } from '../../packages/engine/dist/define/op/apply-op.js';
import { placeholder } from '../../packages/engine/dist/define/op/placeholder.js';
import { loadKernels } from '../../packages/engine/dist/execute/load-kernels.js';
import { compileProgram, type KernelSet } from '../../packages/engine/dist/graph/compile-program.js';
import { topological } from '../../packages/engine/dist/define/op/dependence.js';
import { Arena } from '../../packages/engine/dist/memory/arena.js';
import { evaluationOf, type Workbench } from '../../packages/engine/dist/testing/evaluate.js';

export type Values = Float32Array | Int32Array;
type Batch = Parameters<typeof evaluationOf>[2];

const backend = js();
const arena = new Arena();
export const kernels: KernelSet = await loadKernels(
  { backend: backend.name, chain: backend.modules, plugins: [] },
  arena.memory,
);
const bench: Workbench = { arena, kernels, doubles: null };

/** A field of the batch, [examples, …row]. */
export function field(name: string, row: readonly number[], dtype: 'float32' | 'int32' = 'float32'): SymbolicTensor {
  return placeholder(name, [null, ...row], dtype, null);
}

/** The program of these outputs. */
export function programOf(outputs: readonly SymbolicTensor[], batch: Batch): Program {
  const { examples, shardSize } = batch;
  const shards = Math.ceil(examples / shardSize);
  const named = outputs.map((node, i) => ({ name: `output${i}`, node }));
  return compileProgram({ name: 'test', batchSize: examples, shardSize, shards, outputs: named }, kernels);
}

/** The program of a training step of a compiled model. */
export function trainingProgramOf(model: Model, batchSize: number, shards: number): Program {
  const shardSize = Math.ceil(batchSize / shards);
  const graph = model.training.trainingGraph(model.network.trainable);
  return compileProgram({ name: 'fit', batchSize, shardSize, shards, ...graph }, kernels);
}

/** Values of the outputs, from one program that computes them all. */
export function compute(
  outputs: readonly SymbolicTensor[],
  values: ReadonlyMap<string, Values>,
  batch: Batch,
): Float32Array[] {
  return evaluationOf(bench, outputs, batch)(values) as Float32Array[];
}

/**
 * The same values with nothing fused, shared or packed: a program for each node, which is given the values of the
 * node's inputs.
 */
export function computeOneByOne(
  outputs: readonly SymbolicTensor[],
  values: ReadonlyMap<string, Values>,
  batch: Batch,
): Float32Array[] {
  const known = new Map<SymbolicTensor, Values>();
  for (const node of topological(outputs)) {
    const { rules } = node.op;
    if (node.op.name === 'placeholder')
      known.set(node, values.get((node.attributes as { name: string }).name) as Values);
    if (rules.leaf || rules.runScalar) continue;
    const given = new Map<string, Values>();
    const inputs = node.inputs.map((input, i) => {
      const value = known.get(input);
      if (!value) return input;
      given.set(`input${i}`, value);
      return placeholder(`input${i}`, input.shape, input.dtype, null);
    });
    known.set(node, compute([rebuildNode(node, inputs)], given, batch)[0]);
  }
  return outputs.map((output) => known.get(output) as Float32Array);
}
