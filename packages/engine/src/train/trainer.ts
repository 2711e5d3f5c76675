import type { ReplicaReport } from '../async/report.js';
import type { EventQueue } from './event-queue.js';
import type { Logs } from './events.js';
import type { FitOptions } from './fit-options.js';

/** What one epoch of `fit` is told. */
export interface EpochInput {
  readonly epoch: number;
  readonly shuffle: boolean;
  readonly aborted: AbortSignal;
  readonly events: EventQueue;
  readonly options: Pick<FitOptions, 'callbacks' | 'stepsPerFence'>;
  /** Runs a user's callback; ends with the run. */
  readonly callback: (call: () => void | Promise<void> | undefined) => Promise<void>;
}

export interface EpochDone {
  readonly logs: Logs;
  readonly seconds: number;
  /** Threads that ended on the way. */
  readonly lost: number;
}

/** Whoever passes over the data for `fit`: the gang of workers on one set of weights, or replicas by a strategy. */
export interface Trainer {
  /** Opens the data and refuses what cannot be trained, before the first step. */
  prepare(): Promise<{ workers: number; shards: number; stepsPerEpoch: number | null }>;
  epoch(input: EpochInput): Promise<EpochDone>;
  /** What the history tells of replicas. */
  readonly report: ReplicaReport | null;
  dispose(): Promise<void>;
}
