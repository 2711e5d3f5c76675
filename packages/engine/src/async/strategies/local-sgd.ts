import type { Optimizer } from '../../define/optimizer.js';
import { checkNumber } from '../../define/plugin/options.js';
import { defineStrategy, type StrategyFactory } from '../../define/strategy.js';
import { checkReplicas } from './check-replicas.js';

/** Options of `localSgd`. */
export interface LocalSgdOptions {
  /** Default: as many as the engine has workers. */
  replicas?: number;
  /** Steps that a replica trains alone between two averages. Default: 8. */
  every?: number;
  /**
   * Takes the way from the owner's weights to the mean of the replicas' as a gradient: `sgd({ learningRate: 0.7, momentum: 0.9,
   * nesterov: true })` is DiLoCo's (Douillard et al. 2023). Default: none, the mean is taken as it is. What it keeps lives as long
   * as one `fit`.
   */
  outer?: Optimizer;
}

/**
 * Replicas train alone and average their weights every so many steps (Stich 2019). Constraints hold after every step, and
 * after every average.
 */
export const localSgd: StrategyFactory<LocalSgdOptions> = defineStrategy<LocalSgdOptions>(
  'localSgd',
  ({ replicas, every = 8, outer }) => {
    checkReplicas(replicas);
    checkNumber('every', every, 'a positive integer');
    return {
      parties: new URL('./local-sgd-parties.js', import.meta.url),
      options: { every },
      replicas,
      trains: 'own',
      mixing: { kind: 'mean', outer: outer ?? null },
    };
  },
  ['replicas', 'every', 'outer'],
);
