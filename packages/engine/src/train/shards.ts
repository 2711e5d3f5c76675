const MOST_SHARDS = 64;
const FEWEST_EXAMPLES = 8;
const MOST_GRADIENT_BYTES = 256 * 2 ** 20;

export interface Sharding {
  readonly shards: number;
  readonly shardSize: number;
}

/**
 * How a batch is cut: the largest power of two up to 64 that leaves at least 8 examples a shard and keeps all
 * gradients together within 256 MiB. Part of the recipe, never of the machine: it does not look at the workers.
 */
export function shardsFor(batchSize: number, gradientBytes: number, asked?: number): Sharding {
  let count = 1;
  for (let next = 2; next <= MOST_SHARDS; next *= 2) {
    if (batchSize / next >= FEWEST_EXAMPLES && next * gradientBytes <= MOST_GRADIENT_BYTES) count = next;
  }
  count = asked ?? count;
  const shardSize = Math.ceil(batchSize / count);
  return { shards: Math.ceil(batchSize / shardSize), shardSize };
}
