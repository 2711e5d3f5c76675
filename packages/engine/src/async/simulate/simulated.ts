import type { ReplicaStrategy } from '../../define/strategy.js';
import { checkWorld, type World } from '../../define/world.js';

/**
 * A strategy whose replicas `fit` runs on a virtual clock, in a world of your making, on the caller's thread: the model trains for real,
 * and the report tells of virtual time. For what a cluster would do to a small model.
 */
export function simulated(strategy: ReplicaStrategy, world: World): ReplicaStrategy {
  checkWorld('simulated', world);
  return { ...strategy, world };
}
