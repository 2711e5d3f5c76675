import type { ReplicaReport } from '../async/report.js';

/** Means over the epoch so far, or over all of it: 'loss', the metrics, and 'val_…' of the validation data. */
export type Logs = Readonly<Record<string, number>>;

/**
 * What happens in a run, in order: 'begin'; in each epoch 'epochBegin', 'step' and 'epochEnd'; 'end'. Epochs count from
 * 0, and a run that fails has no 'end'.
 */
export type FitEvent =
  | {
      readonly type: 'begin';
      readonly epochs: number;
      /** Null for a stream, whose length is not known. */
      readonly stepsPerEpoch: number | null;
      readonly workers: number;
      readonly shards: number;
    }
  | { readonly type: 'epochBegin'; readonly epoch: number }
  | {
      readonly type: 'step';
      readonly epoch: number;
      /** Within the epoch, from 0. */
      readonly step: number;
      readonly examples: number;
      /** Means of this batch alone. */
      readonly logs: Logs;
      /** Of the epoch so far. */
      readonly examplesPerSecond: number;
    }
  | { readonly type: 'epochEnd'; readonly epoch: number; readonly logs: Logs; readonly seconds: number }
  | { readonly type: 'end'; readonly history: History };

/** What `fit` resolves to. */
export interface History {
  /** Numbers of the epochs, from 0. */
  readonly epoch: readonly number[];
  /** For each log its value after each epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Threads that died during the run and were replaced. */
  readonly workersLost: number;
  /** What the replicas of a strategy have done; null without one. */
  readonly report: ReplicaReport | null;
  /** Events that nobody read in time. */
  readonly eventsDropped: number;
}
