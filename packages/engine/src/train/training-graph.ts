/** From an objective to the graph of a step: gradients, and next values of the variables. */
import { isBatched, formatShape } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Update } from '../define/layer/update.js';
import type { Variable } from '../define/variable/variable.js';
import { ValueError } from '../errors.js';
import { differentiate } from '../graph/differentiate.js';
import { specialize } from '../graph/specialize.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { div, mul } from '../standard/ops/arithmetic.js';
import { reduceSum } from '../standard/ops/chain-rule.js';
import { exampleCount, stepCount } from '../standard/ops/run-scalars.js';
import type { Compiled } from './compile.js';
import { checkedValue, nextValues, projected, scheduledRate } from './next-values.js';
import type { Objective } from './objective.js';
import { withoutSubnormals } from './without-subnormals.js';

/** The optimizer's values for one variable, by name. */
export type Slots = ReadonlyMap<Variable, Readonly<Record<string, Variable>>>;

export interface TrainingInput {
  readonly objective: Objective;
  readonly compiled: Compiled;
  readonly trainable: readonly Variable[];
  readonly slots: Slots;
  /** Of the layers. */
  readonly layerUpdates: readonly Update[];
  /** Scalar variable that holds the learning rate when it is a number. */
  readonly learningRate: Variable;
  /** Scalar variable that the rate is multiplied with; null: it is taken as it is. */
  readonly rateScale: Variable | null;
  readonly seed: number;
}

export function trainingGraph(input: TrainingInput): Pick<ProgramSource, 'results' | 'updates'> {
  const { objective, trainable, slots, seed } = input;
  const layerValues = input.layerUpdates.map(reducedValue);
  const chosen = specialize([...objective.results.map((r) => r.node), ...layerValues], { training: true, seed });
  const { outputs, gradients } = differentiate(
    chosen,
    trainable.map((v) => v.node),
  );
  const step = stepCount();
  const { optimizer } = input.compiled;
  const rate =
    typeof optimizer.learningRate === 'number' ? input.learningRate.node : scheduledRate(optimizer.learningRate, step);
  const learningRate = input.rateScale ? mul(rate, input.rateScale.node) : rate;
  // Last layer first, as backpropagation makes the gradients: what a layer kept is free once its gradient is done.
  const updates = trainable.toReversed().flatMap((variable) => {
    const sum = gradients[trainable.indexOf(variable)];
    if (!sum) return [];
    const mine = Object.entries(slots.get(variable) ?? {});
    const state = Object.fromEntries(mine.map(([name, slot]) => [name, slot.node]));
    // Sums travel between shards; the division by the number of examples comes last.
    const gradient = div(sum, exampleCount());
    const next = nextValues(optimizer, variable, { variable: variable.node, gradient, state, learningRate, step });
    return [
      { variable, node: projected(variable, next('variable')) },
      ...mine.map(([name, slot]) => ({ variable: slot, node: withoutSubnormals(next(name)) })),
    ];
  });
  return {
    results: objective.results.map(({ name }, i) => ({ name, node: outputs[i] as SymbolicTensor })),
    updates: [
      ...updates,
      ...input.layerUpdates.map(({ variable }, i) => ({
        variable,
        node: checkedValue('addUpdate: the value', variable, outputs[objective.results.length + i]),
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
