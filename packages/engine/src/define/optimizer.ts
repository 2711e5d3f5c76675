import { ValueError } from '../errors.js';
import { describeValue } from './plugin/describe-value.js';
import { partFactory, withFunctions } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { Schedule } from './schedule.js';
import type { SymbolicTensor } from './op/symbolic-tensor.js';

/** What an update rule sees of one variable; all symbolic, shapes of the variable unless said. */
export interface UpdateInput {
  /** The value before the step. */
  readonly variable: SymbolicTensor;
  /** Mean over the batch of dLoss/dvariable. */
  readonly gradient: SymbolicTensor;
  /** The optimizer's own values for this variable, by the names in `state`. */
  readonly state: Readonly<Record<string, SymbolicTensor>>;
  /** Scalar. */
  readonly learningRate: SymbolicTensor;
  /** Scalar: steps done since the model was compiled, 0 at the first. */
  readonly step: SymbolicTensor;
}

/** What an optimizer is: from a gradient to the next value, in ops. */
export interface OptimizerRule {
  /** A number, or a schedule. */
  readonly learningRate: number | Schedule;
  /** Names of the values kept for each variable; they start at 0. */
  readonly state?: readonly string[];
  /**
   * Under the strategy `hogwild`, where replicas add to the same weights without a lock: whether they also add to one 'shared' state,
   * or keep one 'perReplica'. Default: 'refused', the strategy does not take the optimizer if it keeps a state.
   */
  readonly stateUnderHogwild?: 'shared' | 'perReplica' | 'refused';
  /** The next values, `variable` and each name of `state`. Before the variable's constraint. */
  update(input: UpdateInput): Readonly<Record<string, SymbolicTensor>>;
}

/** An optimizer for `compile`. */
export interface Optimizer extends OptimizerRule {
  readonly name: string;
  /** The factory that made it and its options, for saving. */
  readonly config: PartConfig;
}

/** Makes an optimizer of its options. Made by `defineOptimizer`, listed in a plugin. */
export interface OptimizerFactory<O extends object> extends Part {
  (options?: O): Optimizer;
}

/**
 * Makes an optimizer of its rule; `known` lists its options.
 *
 * ```ts
 * export const signed = defineOptimizer<{ learningRate?: number }>(
 *   'signed',
 *   ({ learningRate = 0.01 }) => ({
 *     learningRate,
 *     update: ({ variable: w, gradient, learningRate }) => ({ variable: sub(w, mul(learningRate, sign(gradient))) }),
 *   }),
 *   ['learningRate'],
 * );
 * ```
 */
export function defineOptimizer<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => OptimizerRule,
  known: readonly (keyof O & string)[] = [],
): OptimizerFactory<O> {
  return partFactory<'optimizer', O, Optimizer>('optimizer', name, known, (options, config) => ({
    ...checkedRule(rule(options)),
    name,
    config,
  }));
}

function checkedRule(given: OptimizerRule): OptimizerRule {
  const rule = withFunctions(given, ['update']);
  const rate: unknown = rule.learningRate;
  const isSchedule = typeof rate === 'object' && rate !== null && 'at' in rate;
  if (!isSchedule && !(Number.isFinite(rate) && (rate as number) >= 0)) {
    throw new ValueError(`learningRate must be a number >= 0 or a schedule, got ${describeValue(rate)}`, 'OPTION');
  }
  if (rule.state?.includes('variable')) {
    throw new ValueError("a value of its state cannot be called 'variable'; give it another name", 'RULE');
  }
  return rule;
}
