/** From a network to the graph of a step: loss and metrics of a batch, gradients, and next values of the variables. */
import { placeholder } from '../define/placeholder.js';
import { formatShape, isBatched, sameShape, type Shape } from '../define/shape.js';
import { SymbolicTensor } from '../define/symbolic-tensor.js';
import type { Update } from '../define/update.js';
import type { Variable } from '../define/variable.js';
import { inPlace, ValueError } from '../errors.js';
import { differentiate } from '../graph/differentiate.js';
import { specialize } from '../graph/specialize.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { div, mul } from '../standard/ops/arithmetic.js';
import { add, reduceSum } from '../standard/ops/chain-rule.js';
import { reduceMean } from '../standard/ops/reductions.js';
import { exampleCount, stepCount } from '../standard/ops/run-scalars.js';
import type { FieldSpec } from '../data/dataset.js';
import type { Compiled } from './compile.js';
import type { Network } from './network.js';

/** The optimizer's values for one variable, by name. */
export type Slots = ReadonlyMap<Variable, Readonly<Record<string, Variable>>>;

type Named = { readonly name: string; readonly node: SymbolicTensor };

export interface Objective {
  /** Sums over the batch: the loss, then the metrics. */
  readonly results: readonly Named[];
  readonly targets: readonly FieldSpec[];
}

/** Field names of targets: 'y', or 'y0', 'y1', … of a model of several outputs. */
function targetName(index: number, count: number): string {
  return count === 1 ? 'y' : `y${index}`;
}

export function objectiveOf(network: Network, compiled: Compiled): Objective {
  const { outputs } = network;
  const targets: FieldSpec[] = [];
  const losses: SymbolicTensor[] = [];
  const metrics: Named[] = [];
  outputs.forEach((output, i) => {
    const loss = compiled.losses[i] as Compiled['losses'][number];
    const layer = output.inboundNode?.layer.name ?? `output ${i}`;
    const spec = inPlace(`layer '${layer}'`, () => loss.targets(output.shape));
    const name = targetName(i, outputs.length);
    const y = placeholder(name, spec.shape, spec.dtype, output.graph);
    targets.push({ name, shape: spec.shape.slice(1) as number[], dtype: spec.dtype, below: spec.below ?? null });
    losses.push(inPlace(`loss '${loss.name}'`, () => perExample(loss.perExample(output, y))));
    for (const metric of compiled.metrics) {
      const label = outputs.length === 1 ? metric.name : `${layer}_${metric.name}`;
      metrics.push({
        name: label,
        node: batchSum(inPlace(`metric '${metric.name}'`, () => metric.perExample(output, y))),
      });
    }
  });
  const total = batchSum(losses.reduce((a, b) => add(a, b)));
  return { results: [{ name: 'loss', node: withPenalties(total, network.losses) }, ...metrics], targets };
}

/**
 * Results are sums over the batch, which are divided by its size in the end; penalties are scalars of the whole batch:
 * once, whatever its size and its shards.
 */
function withPenalties(total: SymbolicTensor, penalties: readonly SymbolicTensor[]): SymbolicTensor {
  if (penalties.length === 0) return total;
  return add(
    total,
    mul(
      exampleCount(),
      penalties.reduce((a, b) => add(a, b)),
    ),
  );
}

/** Loss and metrics only: for `evaluate`. */
export function evaluationGraph(objective: Objective, seed: number): Pick<ProgramSource, 'results'> {
  const nodes = specialize(
    objective.results.map((r) => r.node),
    { training: false, seed },
  );
  return { results: objective.results.map(({ name }, i) => ({ name, node: nodes[i] as SymbolicTensor })) };
}

export interface TrainingInput {
  readonly objective: Objective;
  readonly compiled: Compiled;
  readonly trainable: readonly Variable[];
  readonly slots: Slots;
  /** Of the layers. */
  readonly layerUpdates: readonly Update[];
  /** Scalar variable that holds the learning rate when it is a number. */
  readonly learningRate: Variable;
  readonly seed: number;
}

export function trainingGraph(input: TrainingInput): Pick<ProgramSource, 'results' | 'updates'> {
  const { objective, compiled, trainable, slots, seed } = input;
  const layerValues = input.layerUpdates.map(reducedValue);
  const chosen = specialize([...objective.results.map((r) => r.node), ...layerValues], { training: true, seed });
  const { outputs, gradients } = differentiate(
    chosen,
    trainable.map((v) => v.node),
  );
  const step = stepCount();
  const { optimizer } = compiled;
  const learningRate =
    typeof optimizer.learningRate === 'number' ? input.learningRate.node : optimizer.learningRate.at(step);
  // Last layer first, as backpropagation makes the gradients: what a layer kept is free once its gradient is done.
  const updates = trainable.toReversed().flatMap((variable) => {
    const sum = gradients[trainable.indexOf(variable)];
    if (!sum) return [];
    const mine = slots.get(variable) ?? {};
    const state = Object.fromEntries(Object.entries(mine).map(([name, slot]) => [name, slot.node]));
    // Sums travel between shards; the division by the number of examples comes last.
    const gradient = div(sum, exampleCount());
    const next = optimizer.update({ variable: variable.node, gradient, state, learningRate, step });
    return [
      { variable, node: projected(variable, checked(optimizer.name, variable, 'variable', next['variable'])) },
      ...Object.entries(mine).map(([name, slot]) => ({
        variable: slot,
        node: checked(optimizer.name, slot, name, next[name]),
      })),
    ];
  });
  return {
    results: objective.results.map(({ name }, i) => ({ name, node: outputs[i] as SymbolicTensor })),
    updates: [
      ...updates,
      ...input.layerUpdates.map(({ variable }, i) => ({
        variable,
        node: checked('addUpdate', variable, 'value', outputs[objective.results.length + i]),
      })),
    ],
  };
}

/** The value of an update for the whole batch. @throws ValueError when it has one for each example and no reduction */
export function reducedValue({ variable, value, reduction }: Update): SymbolicTensor {
  if (!isBatched(value.shape)) return value;
  if (reduction !== 'mean' && reduction !== 'sum') {
    throw new ValueError(
      `addUpdate: the value for variable '${variable.name}' has shape ${formatShape(value.shape)}, one value for each ` +
        `example of the batch; give reduction: 'mean' or 'sum'`,
      'UPDATE_REDUCTION',
    );
  }
  const sum = reduceSum(value, { axes: [0] });
  return reduction === 'sum' ? sum : div(sum, exampleCount());
}

function projected(variable: Variable, next: SymbolicTensor): SymbolicTensor {
  if (variable.constraint === null) return next;
  const value: unknown = variable.constraint.project(next);
  return checked(`constraint of '${variable.name}'`, variable, 'projection', value);
}

function checked(where: string, variable: Variable, what: string, value: unknown): SymbolicTensor {
  if (!(value instanceof SymbolicTensor)) {
    throw new ValueError(`${where}: '${what}' of variable '${variable.name}' must be the value of an op`, 'UPDATE');
  }
  if (!sameShape(value.shape, variable.shape)) {
    throw new ValueError(
      `${where}: '${what}' of variable '${variable.name}' has shape ${formatShape(value.shape)}, ` +
        `the variable ${formatShape(variable.shape)}`,
      'SHAPE_MISMATCH',
    );
  }
  return value;
}

function perExample(value: SymbolicTensor): SymbolicTensor {
  const axes = value.shape.map((_, i) => i).slice(1);
  return axes.length === 0 ? value : reduceMean(value, { axes });
}

function batchSum(value: SymbolicTensor): SymbolicTensor {
  return reduceSum(perExample(value), { axes: [0] });
}

/** Shape of one row of a batched tensor. */
export function rowShape(shape: Shape): number[] {
  return shape.slice(1) as number[];
}
