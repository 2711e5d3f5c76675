import { namedRule, partFactory } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { SymbolicTensor } from './op/symbolic-tensor.js';

/** A penalty on a weight: a scalar in ops, added to the training loss once, whatever the batch and its shards. */
export interface Regularizer {
  /** Called when the graph is made, never in a step; null is no penalty. */
  penalty(value: SymbolicTensor): SymbolicTensor | null;
  /** The factory that made it and its options, for saving; null for a bare function. */
  readonly config: PartConfig | null;
}

/** Makes a regularizer of its options. Made by `defineRegularizer`, listed in a plugin. */
export interface RegularizerFactory<O extends object> extends Part {
  (options?: O): Regularizer;
}

/**
 * Makes a regularizer of its rule; `known` lists its options.
 *
 * ```ts
 * export const l2 = defineRegularizer<{ l2?: number }>(
 *   'l2',
 *   ({ l2 = 0.01 }) => (w) => mul(reduceSum(square(w)), l2),
 *   ['l2'],
 * );
 * ```
 */
export function defineRegularizer<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => (value: SymbolicTensor) => SymbolicTensor,
  known: readonly (keyof O & string)[] = [],
): RegularizerFactory<O> {
  return partFactory<'regularizer', O, Regularizer>('regularizer', name, known, (options, config) => ({
    penalty: namedRule('regularizer', name, rule(options)),
    config,
  }));
}
