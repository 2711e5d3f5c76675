import type { Codec } from '../../define/codec.js';
import { defineStrategy, type StrategyFactory } from '../../define/strategy.js';
import { ValueError } from '../../errors.js';
import { describeValue } from '../../define/plugin/describe-value.js';
import { checkReplicas } from './check-replicas.js';

/** Options of `parameterServer`. */
export interface ParameterServerOptions {
  /** Default: as many as the engine has workers. */
  replicas?: number;
  /**
   * How far a replica may be ahead, 0 … Infinity: it starts its step t only when every live replica's gradients up to step
   * t − staleness − 1 are applied. 0 is synchronous training with a shard for each replica, to the same bits. Default: 1.
   */
  staleness?: number;
  /** Whether an update that is s updates stale is applied at 1 / (1 + s) of the learning rate (Zhang et al. 2016). Default: false. */
  stalenessAware?: boolean;
  /** Whether the report keeps the order in which gradients were applied, for a replay. Default: false. */
  record?: boolean;
  /** Makes gradients small, as a network between replicas and owner would need: `quantized()`, `topK()`. Default: none. */
  codec?: Codec;
}

/**
 * Replicas compute gradients, each of a batch of its own; one owner applies them as they come, with optimizer and constraint, in one
 * uninterrupted turn, and publishes whole weights. With `staleness: 0` a step is of one batch from each replica.
 */
export const parameterServer: StrategyFactory<ParameterServerOptions> = defineStrategy<ParameterServerOptions>(
  'parameterServer',
  ({ replicas, staleness = 1, stalenessAware = false, record = false, codec }) => {
    checkReplicas(replicas);
    if (staleness !== Infinity && !(Number.isInteger(staleness) && staleness >= 0)) {
      throw new ValueError(`staleness must be an integer >= 0 or Infinity, got ${describeValue(staleness)}`, 'OPTION');
    }
    return {
      parties: new URL('./parameter-server-parties.js', import.meta.url),
      options: { staleness },
      replicas,
      trains: 'gradients',
      oneBatch: staleness === 0,
      stalenessAware,
      record,
      codec,
    };
  },
  ['replicas', 'staleness', 'stalenessAware', 'record', 'codec'],
);
