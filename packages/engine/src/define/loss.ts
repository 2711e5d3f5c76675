import { partFactory, withFunctions } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { Shape } from './op/shape.js';
import type { SymbolicTensor } from './op/symbolic-tensor.js';

/** What a loss or metric expects of the labels; data is checked against it before the first step. */
export interface TargetSpec {
  readonly dtype: 'float32' | 'int32';
  /** Shape of the targets, given the shape of the model's output; `null` first. */
  readonly shape: Shape;
  /** Labels are integers in 0 … below − 1. */
  readonly below?: number;
}

/** What a loss is: the targets that it takes, and each example's loss. */
export interface LossRule {
  /** What the targets must be, for the shape of the model's output; refuses an output that does not fit. */
  targets(output: Shape): TargetSpec;
  /** Loss of each example, [batch, …]; further axes are averaged. */
  perExample(output: SymbolicTensor, targets: SymbolicTensor): SymbolicTensor;
}

/** A loss for `compile`. */
export interface Loss extends LossRule {
  readonly name: string;
  /** The factory that made it and its options, for saving. */
  readonly config: PartConfig;
}

/** Makes a loss of its options. Made by `defineLoss`, listed in a plugin. */
export interface LossFactory<O extends object> extends Part {
  (options?: O): Loss;
}

/** Makes a loss of its rule; the loss of a batch is the mean over its examples. `known` lists its options. */
export function defineLoss<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => LossRule,
  known: readonly (keyof O & string)[] = [],
): LossFactory<O> {
  return partFactory<'loss', O, Loss>('loss', name, known, (options, config) => ({
    ...withFunctions(rule(options), ['targets', 'perExample']),
    name,
    config,
  }));
}

/** What a metric is: a value of each example. */
export interface MetricRule {
  /** Value of each example, [batch, …], averaged over all of an epoch. The targets are those of the loss. */
  perExample(output: SymbolicTensor, targets: SymbolicTensor): SymbolicTensor;
}

/** A metric for `compile`. */
export interface Metric extends MetricRule {
  readonly name: string;
  /** The factory that made it and its options, for saving. */
  readonly config: PartConfig;
}

/** Makes a metric of its options. Made by `defineMetric`, listed in a plugin. */
export interface MetricFactory<O extends object> extends Part {
  (options?: O): Metric;
}

/** Makes a metric of its rule. `known` lists its options. */
export function defineMetric<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => MetricRule,
  known: readonly (keyof O & string)[] = [],
): MetricFactory<O> {
  return partFactory<'metric', O, Metric>('metric', name, known, (options, config) => ({
    ...withFunctions(rule(options), ['perExample']),
    name,
    config,
  }));
}
