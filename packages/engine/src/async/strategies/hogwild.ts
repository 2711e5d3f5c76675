import { defineStrategy, type StrategyFactory, type TrainedModel } from '../../define/strategy.js';
import { ValueError } from '../../errors.js';
import { checkReplicas } from './check-replicas.js';

/** Options of `hogwild`. */
export interface HogwildOptions {
  /** Default: as many as the engine has workers. */
  replicas?: number;
}

/**
 * Replicas read and add to the same weights without a lock (Niu et al. 2011). Some updates overwrite others; the report of the
 * run says how many. Without a place for a projection, so models with constraints are refused.
 */
export const hogwild: StrategyFactory<HogwildOptions> = defineStrategy<HogwildOptions>(
  'hogwild',
  ({ replicas }) => {
    checkReplicas(replicas);
    return {
      parties: new URL('./hogwild-parties.js', import.meta.url),
      replicas,
      trains: 'shared',
      check: refuseUnsafe,
    };
  },
  ['replicas'],
);

function refuseUnsafe({ trainable, optimizer }: TrainedModel): void {
  const constrained = trainable.find((variable) => variable.constraint !== null);
  if (constrained) {
    throw new ValueError(
      `variable '${constrained.name}' has a constraint, which cannot hold while replicas add to the variable without a lock; ` +
        `use strategy: parameterServer(), or take the constraint away`,
      'STRATEGY_CONSTRAINT',
    );
  }
  const { name, state = [], stateUnderHogwild = 'refused' } = optimizer;
  if (state.length > 0 && stateUnderHogwild === 'refused') {
    throw new ValueError(
      `optimizer '${name}' keeps [${state.join(', ')}] for each variable and does not say whether replicas may share it; ` +
        `declare stateUnderHogwild: 'shared' or 'perReplica' in its rule, or use strategy: parameterServer()`,
      'STRATEGY_OPTIMIZER',
    );
  }
}
