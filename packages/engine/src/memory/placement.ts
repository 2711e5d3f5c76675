import type { Sides } from './state.js';

/** Where a program's parts lie in the engine's memory: addresses in bytes. Plain data, sent to every worker. */
export interface Placement {
  readonly control: number;
  /** Two slots, for even and odd steps of the run. */
  readonly batch: readonly [number, number];
  readonly gradients: number;
  readonly activations: number;
  readonly scratch: number;
  readonly examples: number;
  readonly shared: number;
  readonly constants: number;
  /** Both sides of each of the program's variables. */
  readonly state: readonly Sides[];
}

/** What a run starts from. */
export interface RunStart {
  /** Side of the state that step 0 of the run reads. */
  readonly side: 0 | 1;
  /** Whether each step flips the sides: true when the program writes variables. */
  readonly flips: boolean;
  /** Equal numbers in jobs of one program: equal values of its variables. What has memory of its own need not fetch them again. */
  readonly stateVersion: number;
  /** Steps committed before the run, since the model was compiled. */
  readonly firstStep: number;
  /** How workers come by shards: the next one when they are free, or every so many-th of a fixed share. */
  readonly claim: 'dynamic' | 'static';
  /** Where the batch is a shard of one that several executors share: examples before it, and of the whole. Absent: it is the whole. */
  readonly shardOf?: { readonly before: number; readonly count: number };
}
