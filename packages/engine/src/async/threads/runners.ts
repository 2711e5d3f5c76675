/** How a party of an asynchronous run computes: a training step in its two parts, and programs that mix weights. */
import type { Placement } from '../../memory/placement.js';

/** What a step is of. */
export interface StepOf {
  /** Side of the state that it reads. */
  readonly side: number;
  /** Examples of the whole batch. */
  readonly count: number;
  /** Steps done before it since the model was compiled. */
  readonly step: number;
}

/** The first part: gradients of a batch, or of a shard of it. */
export interface GradientRunner {
  /** Where a shard's rows go: the address of a slot, and the row of it that is the shard's first. */
  slotOf(shard: number): { readonly batch: number; readonly first: number };
  /** Address of the gradients of a shard. */
  slabOf(shard: number): number;
  /** @returns false when a kernel met a value that is not finite */
  compute(shard: number, of: StepOf): boolean;
}

/** The second part, or a program of which it is all. */
export interface UpdateRunner {
  /** Sums over the batch that was concluded last. */
  readonly results: number[];
  /**
   * Sums the gradients of the first `shards` shards, and writes the next values to the other side.
   *
   * @param again - whether to do again what comes before the shards, which others have done in places of their own
   * @returns false when a gradient or a result is not finite
   */
  conclude(shards: number, of: StepOf, again: boolean): boolean;
}

/** Makes what a thread computes with, for one run. */
export interface Runners {
  /** Both parts, on a replica's own state. */
  training(replica: number): { readonly gradients: GradientRunner; readonly update: UpdateRunner };
  /** The update of the owner's state from a replica's gradients. */
  update(replica: number): UpdateRunner;
  /** The run's mixing program, at a place. */
  mixing(placement: Placement): UpdateRunner;
}
