import type { Gradient } from './parties.js';
import type { Pass, RunSetup } from './threads/run-setup.js';

/** What a pass was told and who took part is the driver's to add. */
export type PassOrder = Omit<Pass, 'number' | 'live'>;

/** How a pass went. */
export interface PassReport {
  /** Of the driver's time. */
  readonly seconds: number;
  /** Number of updates by their staleness. */
  readonly staleness: readonly number[];
  /** Gradients as they were applied, if that is recorded. */
  readonly order: readonly Gradient[];
  /** What each replica did, by its number. */
  readonly shares: readonly { readonly batches: number; readonly busySeconds: number }[];
}

/** Whoever runs the parties of a strategy on a model: threads in real time, or the simulator in virtual time. */
export interface ReplicaDriver {
  /** Replicas that have not ended. */
  readonly live: readonly number[];
  /** Where each replica computes, by its number: name of a device, or null for a thread of the CPU. */
  readonly devices: readonly (string | null)[];
  /** Current side of the engine's state; to be read when nobody trains. */
  readonly side: 0 | 1;
  /** Part of the updates of shared floats that others' stores have overwritten. */
  readonly lostShare: number;
  /** Replicas that ended while they were adding to shared weights. */
  readonly partialUpdates: number;
  /** Gets ready for a model. @throws what cannot be loaded or bound */
  open(setup: RunSetup): Promise<void>;
  /** Trains over some batches. @throws what has failed, and when no replica is left */
  pass(order: PassOrder): Promise<PassReport>;
  /** Nobody writes the parameters when this has resolved, until `resume`; also in a pass that is about to begin. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the running pass, or the one about to begin, after the running turns; no other may follow. */
  stop(): Promise<void>;
  dispose(): Promise<void>;
}
