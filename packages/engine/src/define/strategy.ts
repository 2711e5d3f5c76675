import { ValueError } from '../errors.js';
import { describeValue } from './plugin/describe-value.js';
import { checkNumber } from './plugin/options.js';
import { partFactory, withFunctions } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { Codec } from './codec.js';
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
  /** Whether an update that is s updates stale is applied at 1 / (1 + s) of the learning rate. Default: false. */
  readonly stalenessAware?: boolean;
  /** Whether the report keeps the order in which gradients were applied. Default: false. */
  readonly record?: boolean;
  /** Makes gradients small on their way to the owner. Default: none, they travel as they are. */
  readonly codec?: Codec | undefined;
  /** Refuses models that it would train wrongly. */
  check?(model: TrainedModel): void;
}

/** A strategy of several replicas. */
export interface ReplicaStrategy extends StrategyRule {
  readonly kind: 'replicas';
  readonly name: string;
  /** The factory that made it and its options. */
  readonly config: PartConfig;
  /** Where `simulated` has it take place; else on threads. */
  readonly world?: World;
}

/** The engine's workers share every step of one set of weights. */
export interface SynchronousStrategy {
  readonly kind: 'synchronous';
  readonly name: string;
  /** How workers come by the shards of a batch. */
  readonly claim: 'dynamic' | 'static';
}

/** A strategy for `fit`. */
export type Strategy = ReplicaStrategy | SynchronousStrategy;

/** Makes a strategy of its options. Made by `defineStrategy`. */
export interface StrategyFactory<O extends object> extends Part {
  (options?: O): ReplicaStrategy;
}

/** Makes a strategy of its rule; `known` lists its options. */
export function defineStrategy<O extends object>(
  name: string,
  rule: (options: Partial<O>) => StrategyRule,
  known: readonly (keyof O & string)[] = [],
): StrategyFactory<O> {
  return partFactory<'strategy', O, ReplicaStrategy>('strategy', name, known, (options, config) => ({
    ...checkedRule(rule(options)),
    kind: 'replicas',
    name,
    config,
  }));
}

/** @throws ValueError for what no thread could be told, or no replica could do */
function checkedRule(given: StrategyRule): StrategyRule {
  const rule = withFunctions(given, []);
  const {
    parties,
    options = {},
    replicas,
    trains,
    mixing,
    codec,
  }: { readonly [K in keyof StrategyRule]: unknown } = rule;
  if (!(parties instanceof URL)) {
    throw new ValueError(
      `parties must be a URL, new URL('./parties.js', import.meta.url), got ${describeValue(parties)}`,
      'RULE',
    );
  }
  if (replicas !== undefined) checkNumber('replicas', replicas, 'a positive integer');
  const known: readonly unknown[] = ['gradients', 'own', 'shared'];
  if (!known.includes(trains)) {
    throw new ValueError(`trains must be 'gradients', 'own' or 'shared', got ${describeValue(trains)}`, 'RULE');
  }
  for (const flag of ['oneBatch', 'stalenessAware', 'record'] as const) {
    const value: unknown = rule[flag] ?? false;
    if (typeof value !== 'boolean') {
      throw new ValueError(`${flag} must be true or false, got ${describeValue(value)}`, 'OPTION');
    }
  }
  if (codec !== undefined && kindOf(codec) !== 'codec') {
    throw new ValueError(
      `codec must be made by quantized(), topK() or defineCodec, got ${describeValue(codec)}`,
      'OPTION',
    );
  }
  const outer: unknown = typeof mixing === 'object' && mixing !== null && 'outer' in mixing ? mixing.outer : null;
  if (outer !== null && kindOf(outer) !== 'optimizer') {
    throw new ValueError(`outer must be an optimizer, such as sgd(), got ${describeValue(outer)}`, 'OPTION');
  }
  try {
    structuredClone(options);
  } catch (error) {
    throw new ValueError(
      `its options must be plain data, for they are handed to other threads: ${(error as Error).message}`,
      'RULE',
    );
  }
  return rule;
}

/** Kind of the part that a factory has made. */
function kindOf(value: unknown): unknown {
  const { config } = Object(value) as { config?: { part?: { kind?: unknown } } };
  return config?.part?.kind;
}

/** Options of `synchronous`. */
export interface SynchronousOptions {
  /**
   * 'dynamic' (default): a worker that is free takes the next shard, so a slow core does less. 'static': worker r of W takes shards r, r + W,
   * …, as frameworks do that give each worker its part; for comparison. The bits are the same.
   */
  claim?: 'dynamic' | 'static';
}

/** What `fit` does without a strategy. */
export const synchronous: ((options?: SynchronousOptions) => SynchronousStrategy) & Part = partFactory<
  'strategy',
  SynchronousOptions,
  SynchronousStrategy
>('strategy', 'synchronous', ['claim'], ({ claim = 'dynamic' }) => {
  const known: readonly unknown[] = ['dynamic', 'static'];
  if (!known.includes(claim)) {
    throw new ValueError(`claim must be 'dynamic' or 'static', got ${describeValue(claim)}`, 'OPTION');
  }
  return { kind: 'synchronous', name: 'synchronous', claim };
});

/** @throws ValueError for what no `defineStrategy` has made */
export function checkStrategy(given: unknown): asserts given is Strategy {
  if (typeof given === 'object' && given !== null && 'kind' in given) {
    if (
      given.kind === 'synchronous' ||
      (given.kind === 'replicas' && 'parties' in given && given.parties instanceof URL)
    )
      return;
  }
  throw new ValueError(
    `strategy must be made by synchronous(), hogwild(), parameterServer(), localSgd(), elasticAveraging() or defineStrategy, ` +
      `got ${describeValue(given)}`,
    'OPTION',
  );
}
