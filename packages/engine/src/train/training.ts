import { checkNumber } from '../define/plugin/options.js';
import { formatShape } from '../define/op/shape.js';
import type { Update } from '../define/layer/update.js';
import type { Variable } from '../define/variable/variable.js';
import { inPlace, RuntimeError, ValueError } from '../errors.js';
import type { ProgramSource } from '../graph/compile-program.js';
import * as initializers from '../standard/initializers/index.js';
import { resolveCompile, type Compiled, type CompileOptions } from './compile.js';
import type { Counts } from './fit.js';
import type { Network } from './network.js';
import type { Runtime } from './runtime.js';
import { evaluationGraph, objectiveOf, type Objective } from './objective.js';
import { checkedValue } from './next-values.js';
import { reducedValue, trainingGraph } from './training-graph.js';

/** A compiled model's way of training, and the values that it keeps: optimizer values, learning rate, counts. */
export class Training implements Counts {
  readonly compiled: Compiled;
  readonly objective: Objective;
  steps = 0;
  epochs = 0;
  readonly #runtime: Runtime;
  readonly #slots = new Map<Variable, Record<string, Variable>>();
  readonly #learningRate: Variable;
  readonly #network: Network;

  constructor(runtime: Runtime, network: Network, options: CompileOptions) {
    this.#runtime = runtime;
    this.compiled = resolveCompile(runtime.host, options, network.outputs.length);
    this.objective = objectiveOf(network, this.compiled);
    this.#network = network;
    checkedUpdates(network);
    const { optimizer } = this.compiled;
    const rate = typeof optimizer.learningRate === 'number' ? optimizer.learningRate : 0;
    this.#learningRate = this.#keep(`${optimizer.name}/learning_rate:0`, [], rate);
    try {
      for (const variable of network.variables) if (variable.trainable) this.#keepSlots(variable);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  #keepSlots(variable: Variable): void {
    const { name: optimizer, state = [] } = this.compiled.optimizer;
    const slots: Record<string, Variable> = {};
    this.#slots.set(variable, slots);
    for (const name of state) slots[name] = this.#keep(`${optimizer}/${name}/${variable.name}`, variable.shape, 0);
  }

  #keep(name: string, shape: readonly number[], value: number): Variable {
    const initializer = initializers.constant({ value });
    const { state, graph } = this.#runtime;
    const spec = { name, shape, initializer, trainable: false, constraint: null, partition: null };
    return inPlace(`compile: variable '${name}' ${formatShape(shape)}`, () => state.create(graph, spec));
  }

  /** The optimizer's values and the learning rate. */
  get variables(): readonly Variable[] {
    return [this.#learningRate, ...[...this.#slots.values()].flatMap((slots) => Object.values(slots))];
  }

  get learningRate(): number {
    this.#refuseSchedule();
    return this.#learningRate.dataSync()[0] as number;
  }

  set learningRate(rate: number) {
    this.#refuseSchedule();
    checkNumber('learningRate', rate, 'a number >= 0');
    this.#learningRate.assign([rate]);
  }

  #refuseSchedule(): void {
    if (typeof this.compiled.optimizer.learningRate === 'number') return;
    throw new RuntimeError('the learning rate is a schedule, which is part of the program', 'SCHEDULE');
  }

  /** @param rateScale - scalar variable that the learning rate is multiplied with */
  trainingGraph(
    trainable: readonly Variable[],
    rateScale: Variable | null = null,
  ): Pick<ProgramSource, 'results' | 'updates'> {
    if (trainable.length === 0) {
      throw new ValueError('fit: the model has no trainable weights; set `trainable` on a layer', 'NOTHING_TO_TRAIN');
    }
    return trainingGraph({
      objective: this.objective,
      compiled: this.compiled,
      trainable,
      slots: this.#slots,
      layerUpdates: checkedUpdates(this.#network),
      learningRate: this.#learningRate,
      rateScale,
      seed: this.#runtime.seed,
    });
  }

  evaluationGraph(): Pick<ProgramSource, 'results'> {
    return evaluationGraph(this.objective, this.#runtime.seed);
  }

  free(): void {
    for (const variable of this.variables) this.#runtime.state.free(variable);
  }
}

/**
 * The updates of the layers as they are now: a frozen layer has none.
 *
 * @throws ValueError for a value without its reduction or of another shape, and for a variable with two next values
 */
function checkedUpdates(network: Network): readonly Update[] {
  const { updates } = network;
  for (const update of updates) {
    checkedValue('addUpdate: the value', update.variable, reducedValue(update));
  }
  const given = new Set<Variable>(network.trainable);
  for (const { variable } of updates) {
    if (given.has(variable)) {
      throw new ValueError(
        `compile: variable '${variable.name}' would get two next values in a step; a variable with an update of its own ` +
          `must be made with trainable: false and updated once`,
        'UPDATE',
      );
    }
    given.add(variable);
  }
  return updates;
}
