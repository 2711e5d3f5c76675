/** What a model's programs are compiled from: the graph of each kind of run, and how its batches are cut. */
import type { FieldSpec } from '../data/dataset.js';
import { placeholderName } from '../define/op/placeholder.js';
import { sizeOf } from '../define/op/shape.js';
import type { Variable } from '../define/variable/variable.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { specialize } from '../graph/specialize.js';
import type { Network } from './network.js';
import { rowShape } from './objective.js';
import { shardsFor, type Sharding } from './shards.js';
import type { Training } from './training.js';

export interface Batching {
  readonly batchSize: number;
  /** Default: by rule. */
  readonly shards?: number | undefined;
}

export function predictSource(network: Network, seed: number, batching: Batching): ProgramSource {
  const nodes = specialize(network.outputs, { training: false, seed });
  const outputs = nodes.map((node, i) => ({ name: `output${i}`, node }));
  return { ...sized('predict', network, batching), outputs };
}

export function evaluationSource(network: Network, training: Training, batching: Batching): ProgramSource {
  return { ...sized('evaluate', network, batching), ...training.evaluationGraph() };
}

export function trainingSource(
  network: Network,
  training: Training,
  batching: Batching,
  rateScale: Variable | null = null,
): ProgramSource {
  // The same fields whatever is trainable: that may change while a pass over the data is under way.
  const placeholders = [...network.inputs, ...training.objective.placeholders];
  return { ...sized('fit', network, batching), placeholders, ...training.trainingGraph(network.trainable, rateScale) };
}

function sized(name: string, network: Network, batching: Batching) {
  return { name, batchSize: batching.batchSize, ...shardingOf(network, batching) };
}

export function shardingOf(network: Network, { batchSize, shards }: Batching): Sharding {
  const gradientBytes = network.trainable.reduce((n, v) => n + 4 * sizeOf(v.shape), 0);
  return shardsFor(batchSize, gradientBytes, shards);
}

/** What the data must hold for each input. */
export function inputFields(network: Network): FieldSpec[] {
  return network.inputs.map((input) => ({
    name: placeholderName(input),
    shape: rowShape(input.shape),
    dtype: input.dtype,
    below: null,
  }));
}
