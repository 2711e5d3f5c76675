/**
 * What a strategy of asynchronous training is made of: one owner of the parameters and several replicas of the model, each a
 * state machine that reacts to one message at a time, to its end. They see the world through three interfaces, a store, a
 * clock and a channel, so that threads and the simulator drive the very same modules.
 */

/** A replica's step over one batch: the examples that it saw, then each result (the loss, the metrics) summed over them. */
export type Results = readonly number[];

/** Time, as the parties see it. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Does work that takes time, then goes on with `then`; messages that arrive meanwhile are handled after it. */
  spend(work: () => void, then: () => void): void;
}

/** Batches of a pass, numbered as the shuffled data has them: [begin, end). */
export interface Units {
  readonly begin: number;
  readonly end: number;
}

/** A gradient that a replica has left where the owner finds it. */
export interface Gradient {
  readonly replica: number;
  /** Batch that it is of. */
  readonly unit: number;
  /** Version of the parameters that it was computed from. */
  readonly version: number;
}

/** Parameters, gradients and data as a replica reaches them. */
export interface ReplicaStore {
  /** The next batch that nobody computes yet, which is then this replica's; null when there is none. */
  claim(): number | null;
  /** Copies the published parameters over the replica's own. Returns their version. */
  pull(): number;
  /** Reads the shared parameters, which others may be adding to. */
  pullShared(): void;
  /**
   * Computes the gradient of a batch at the replica's own parameters, and leaves it for the owner. Returns the part of its bytes that has to
   * travel: 1 unless a codec makes it smaller.
   */
  gradient(unit: number): number;
  /** Trains the replica's own parameters by one batch: optimizer and constraints as in a synchronous step. */
  update(unit: number): Results;
  /** A claimed batch counts as done: whatever becomes of this replica, nobody does it again. */
  finish(unit: number): void;
  /** Adds the last `update` to the shared parameters, without a lock. Returns its staleness: others' updates since `pullShared`. */
  addToShared(): number;
  /** Moves the replica's own parameters towards those that the owner had when it was attracted. */
  approach(): void;
}

/** Parameters as their owner reaches them. Each verb is one uninterrupted turn. */
export interface OwnerStore {
  /** Number of updates that the published parameters hold. */
  readonly version: number;
  /** Sums gradients, applies optimizer and constraints once, and publishes. */
  apply(gradients: readonly Gradient[]): void;
  /** Sets the parameters to the mean of the replicas' own, through the outer optimizer if there is one, and publishes. */
  average(replicas: readonly number[]): void;
  /** Moves the parameters towards a replica's own, and publishes. */
  attract(replica: number): void;
  /** Counts a batch that a replica has trained by itself. */
  record(step: { replica: number; results: Results; staleness: number }): void;
}

/** What an owner is made with. */
export interface OwnerContext<ToReplica> {
  /** How many replicas the run began with; they count from 0. */
  readonly replicas: number;
  readonly options: object;
  readonly store: OwnerStore;
  readonly clock: Clock;
  /** Messages between two parties arrive in the order in which they were sent. */
  readonly send: (replica: number, message: ToReplica) => void;
  /** Every batch of the pass is done, and nothing is under way. */
  readonly finish: () => void;
}

/** What a replica is made with. */
export interface ReplicaContext<ToOwner> {
  readonly replica: number;
  readonly options: object;
  readonly store: ReplicaStore;
  readonly clock: Clock;
  readonly send: (message: ToOwner) => void;
}

/** Owns the parameters. Made anew for each pass. */
export interface Owner<ToOwner> {
  /** A pass over some batches begins. The live replicas stand still and hold the owner's parameters. */
  begin(units: Units, live: readonly number[]): void;
  receive(replica: number, message: ToOwner): void;
  /** In mid-pass a replica is gone. Nothing comes from it any more, and what it had claimed can be claimed again. */
  lost(replica: number): void;
}

/** Trains on what it is told to, or claims. Made anew for each pass, as the owner's party is. */
export interface Replica<ToReplica> {
  receive(message: ToReplica): void;
}

/** Both kinds of parties of one strategy. Messages are plain data. */
export interface Parties<ToOwner, ToReplica> {
  owner(context: OwnerContext<ToReplica>): Owner<ToOwner>;
  replica(context: ReplicaContext<ToOwner>): Replica<ToReplica>;
}

/** Types the default export of a strategy's module. */
export function defineParties<ToOwner, ToReplica>(parties: Parties<ToOwner, ToReplica>): Parties<ToOwner, ToReplica> {
  return parties;
}
