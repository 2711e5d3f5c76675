import { ValueError } from '../errors.js';
import { describeValue } from './plugin/describe-value.js';
import { partFactory } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { Optimizer } from './optimizer.js';
import type { Variable } from './variable/variable.js';
import type { World } from './world.js';

/** How the owner combines the weights of replicas that train alone. */
export type Mixing =
  /** By their mean; with an outer optimizer, whose gradient is what the mean lies below the owner's weights. */
  | { readonly kind: 'mean'; readonly outer: Optimizer | null }
  /** Owner and replica each move this part of the way to the other. */
  | { readonly kind: 'attraction'; readonly rate: number };

/** What a strategy may look at before any thread starts. */
export interface TrainedModel {
  readonly trainable: readonly Variable[];
  readonly optimizer: Optimizer;
}

/** A way to train with several replicas of a model. */
export interface StrategyRule {
  /**
   * Module that default-exports `defineParties(...)`: what the owner of the parameters and the replicas do. It is imported on their
   * threads and does nothing on import.
   */
  readonly parties: URL;
  /** Handed to the parties: plain data. */
  readonly options?: object;
  /** Default: as many as the engine has workers. */
  readonly replicas?: number | undefined;
  /**
   * What a replica makes of a batch: 'gradients' that the owner applies; steps of its 'own' weights; or steps of its own that
   * it adds to the 'shared' weights.
   */
  readonly trains: 'gradients' | 'own' | 'shared';
  /** Whether the replicas compute shards of one batch rather than a batch each. Default: false. */
  readonly oneBatch?: boolean;
  /** Default: the owner mixes no weights. */
  readonly mixing?: Mixing;
  /** Refuses models that it would train wrongly. */
  check?(model: TrainedModel): void;
}

/** A strategy for `fit`. */
export interface Strategy extends StrategyRule {
  readonly name: string;
  /** The factory that made it and its options. */
  readonly config: PartConfig;
  /** Where `simulated` has it take place; else on threads. */
  readonly world?: World;
}

/** Makes a strategy of its options. Made by `defineStrategy`. */
export interface StrategyFactory<O extends object> extends Part {
  (options?: O): Strategy;
}

/** Makes a strategy of its rule; `known` lists its options. */
export function defineStrategy<O extends object>(
  name: string,
  rule: (options: Partial<O>) => StrategyRule,
  known: readonly (keyof O & string)[] = [],
): StrategyFactory<O> {
  return partFactory<'strategy', O, Strategy>('strategy', name, known, (options, config) => ({
    ...rule(options),
    name,
    config,
  }));
}

/** @throws ValueError for what no `defineStrategy` has made */
export function checkStrategy(given: unknown): asserts given is Strategy {
  if (typeof given === 'object' && given !== null && 'parties' in given && given.parties instanceof URL) return;
  throw new ValueError(
    `strategy must be made by hogwild(), parameterServer(), localSgd(), elasticAveraging() or defineStrategy, ` +
      `got ${describeValue(given)}`,
    'OPTION',
  );
}
