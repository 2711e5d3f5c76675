/** From a network and its losses to what a batch is worth: sums over its examples, and penalties. */
import type { FieldSpec } from '../data/dataset.js';
import { callRule } from '../define/op/author-rule.js';
import { describeValue } from '../define/plugin/describe-value.js';
import type { Loss, TargetSpec } from '../define/loss.js';
import { placeholder } from '../define/op/placeholder.js';
import { formatShape, isBatched, type Shape } from '../define/op/shape.js';
import { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { inPlace, ValueError } from '../errors.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { specialize } from '../graph/specialize.js';
import { mul } from '../standard/ops/arithmetic.js';
import { add, reduceSum } from '../standard/ops/chain-rule.js';
import { reduceMean } from '../standard/ops/reductions.js';
import { exampleCount } from '../standard/ops/run-scalars.js';
import type { Compiled } from './compile.js';
import type { Network } from './network.js';

type Named = { readonly name: string; readonly node: SymbolicTensor };

export interface Objective {
  /** Sums over the batch: the loss, then the metrics. */
  readonly results: readonly Named[];
  readonly targets: readonly FieldSpec[];
  /** The placeholders of the targets. */
  readonly placeholders: readonly SymbolicTensor[];
}

/** Field names of targets: 'y', or 'y0', 'y1', … of a model of several outputs. */
function targetName(index: number, count: number): string {
  return count === 1 ? 'y' : `y${index}`;
}

/** @throws ValueError when a loss or metric does not fit the output that it is for */
export function objectiveOf(network: Network, compiled: Compiled): Objective {
  const { outputs } = network;
  const labels = outputLabels(outputs);
  const targets: FieldSpec[] = [];
  const placeholders: SymbolicTensor[] = [];
  const losses: SymbolicTensor[] = [];
  const metrics: Named[] = [];
  outputs.forEach((output, i) => {
    const loss = compiled.losses[i] as Loss;
    const place = layerOf(output) === null ? `output ${i}` : `layer '${layerOf(output)}'`;
    const of = (part: string, make: () => SymbolicTensor): SymbolicTensor => inPlace(place, () => inPlace(part, make));
    const lossPlace = `loss '${loss.name}'`;
    const name = targetName(i, outputs.length);
    const y = of(lossPlace, () => {
      const spec = targetsOf(callRule(lossPlace, 'targets', () => loss.targets(output.shape)));
      targets.push({ name, shape: rowShape(spec.shape), dtype: spec.dtype, below: spec.below ?? null });
      return placeholder(name, spec.shape, spec.dtype, output.graph);
    });
    placeholders.push(y);
    losses.push(of(lossPlace, () => perExample(lossPlace, () => loss.perExample(output, y))));
    for (const metric of compiled.metrics) {
      const part = `metric '${metric.name}'`;
      const node = of(part, () => perExample(part, () => metric.perExample(output, y)));
      metrics.push({ name: outputs.length === 1 ? metric.name : `${labels[i]}_${metric.name}`, node: batchSum(node) });
    }
  });
  const total = batchSum(losses.reduce((a, b) => add(a, b)));
  const results = [{ name: 'loss', node: withPenalties(total, network.losses) }, ...metrics];
  refuseTwins(results.map((result) => result.name));
  return { results, targets, placeholders };
}

function layerOf(output: SymbolicTensor): string | null {
  return output.inboundNode?.layer.name ?? null;
}

/** Names of outputs in the names of their metrics: that of the layer, with a number where a layer makes several. */
function outputLabels(outputs: readonly SymbolicTensor[]): string[] {
  const layers = outputs.map((output) => layerOf(output) ?? 'output');
  return layers.map((layer, i) => (layers.filter((other) => other === layer).length > 1 ? `${layer}_${i}` : layer));
}

function targetsOf(spec: TargetSpec | null | undefined): TargetSpec {
  if (typeof spec === 'object' && spec !== null && Array.isArray(spec.shape) && isBatched(spec.shape)) return spec;
  throw new ValueError(
    `its targets must have a shape with null, the batch, in front, got ` +
      (Array.isArray(spec?.shape) ? formatShape(spec.shape) : describeValue(spec)),
    'TARGETS',
  );
}

/** The value of a rule for each example, [batch]; further axes are averaged. */
function perExample(place: string, rule: () => SymbolicTensor): SymbolicTensor {
  const value: unknown = callRule(place, 'perExample', rule);
  if (!(value instanceof SymbolicTensor) || !isBatched(value.shape)) {
    const got = value instanceof SymbolicTensor ? `shape ${formatShape(value.shape)}` : describeValue(value);
    throw new ValueError(
      `perExample must give a value for each example, [batch, …], in ops, got ${got}`,
      'PER_EXAMPLE',
    );
  }
  const axes = value.shape.map((_, i) => i).slice(1);
  return axes.length === 0 ? value : reduceMean(value, { axes });
}

function batchSum(perRow: SymbolicTensor): SymbolicTensor {
  return reduceSum(perRow, { axes: [0] });
}

/**
 * Results are sums over the batch, which are divided by its size in the end; penalties are scalars of the whole batch:
 * once, whatever its size and its shards.
 */
function withPenalties(total: SymbolicTensor, penalties: readonly SymbolicTensor[]): SymbolicTensor {
  if (penalties.length === 0) return total;
  const sum = penalties.reduce((a, b) => add(a, b));
  return add(total, mul(exampleCount(), sum));
}

function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin === undefined) return;
  throw new ValueError(`compile: two results are called '${twin}'; give the metric another name`, 'NAME');
}

/** Loss and metrics only: for `evaluate`. */
export function evaluationGraph(objective: Objective, seed: number): Pick<ProgramSource, 'results'> {
  const nodes = specialize(
    objective.results.map((r) => r.node),
    { training: false, seed },
  );
  return { results: objective.results.map(({ name }, i) => ({ name, node: nodes[i] as SymbolicTensor })) };
}

/** Shape of one row of a batched tensor. */
export function rowShape(shape: Shape): number[] {
  return shape.slice(1) as number[];
}
