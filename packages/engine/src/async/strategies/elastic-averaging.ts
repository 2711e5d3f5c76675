import { checkNumber } from '../../define/plugin/options.js';
import { defineStrategy, type StrategyFactory } from '../../define/strategy.js';
import { checkReplicas } from './check-replicas.js';

/** Options of `elasticAveraging`. */
export interface ElasticAveragingOptions {
  /** Default: as many as the engine has workers. */
  replicas?: number;
  /** Part of the way that a replica and the centre move towards each other when they meet; in (0, 1). Default: 0.1. */
  rho?: number;
  /** Steps of a replica between two meetings. Default: 4. */
  every?: number;
}

/**
 * Replicas train alone, tied to a centre as by a spring (Zhang, Choromanska and LeCun 2015, asynchronous): when a replica x meets the centre
 * c, x ← x − ρ(x − c) and c ← c + ρ(x − c). The model's weights are the centre. Constraints hold for both, always.
 */
export const elasticAveraging: StrategyFactory<ElasticAveragingOptions> = defineStrategy<ElasticAveragingOptions>(
  'elasticAveraging',
  ({ replicas, rho = 0.1, every = 4 }) => {
    checkReplicas(replicas);
    checkNumber('rho', rho, 'a number in (0, 1)');
    checkNumber('every', every, 'a positive integer');
    return {
      parties: new URL('./elastic-averaging-parties.js', import.meta.url),
      options: { every },
      replicas,
      trains: 'own',
      mixing: { kind: 'attraction', rate: rho },
    };
  },
  ['replicas', 'rho', 'every'],
);
