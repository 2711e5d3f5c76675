import type { Data } from '../data/dataset.js';
import { checkOptions } from '../define/options.js';
import { ValueError } from '../errors.js';
import type { Logs } from './events.js';

export interface FitOptions {
  /** Passes over the data. Default: 1. */
  readonly epochs?: number;
  /** Examples of a step. Default: 32. */
  readonly batchSize?: number;
  /** A new order of the examples in each epoch, from the engine's seed. Default: true; streams keep theirs. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch. */
  readonly validationData?: Data;
  /** Parts that a batch is cut into. Default: by rule; `summary()` prints it. */
  readonly shards?: number;
  /** Aborts after the running step. */
  readonly signal?: AbortSignal;
  readonly callbacks?: Callbacks;
  /** Steps between two calls of `callbacks.onFence`. Default: only epochs are fences. */
  readonly stepsPerFence?: number;
}

/**
 * Called at fences, while no step runs; a promise is awaited. There the learning rate may be set, weights assigned,
 * the model evaluated and saved; a changed `trainable` acts from the next epoch on.
 */
export interface Callbacks {
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** Every `stepsPerFence` steps of the epoch, its last step included if it falls there; logs are means so far. */
  onFence?(fence: { readonly epoch: number; readonly step: number; readonly logs: Logs }): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
}

const OPTIONS = [
  'epochs',
  'batchSize',
  'shuffle',
  'validationData',
  'shards',
  'signal',
  'callbacks',
  'stepsPerFence',
] as const;

/** @throws before anything starts: unknown options, counts that are not positive integers */
export function checkFit(options: FitOptions): void {
  checkOptions('fit', options, OPTIONS);
  for (const name of ['epochs', 'batchSize', 'stepsPerFence'] as const) {
    if (options[name] !== undefined) positiveInteger('fit', name, options[name]);
  }
  checkOptions('fit: callbacks', options.callbacks ?? {}, ['onEpochBegin', 'onFence', 'onEpochEnd']);
  if (options.callbacks?.onFence && options.stepsPerFence === undefined) {
    throw new ValueError('fit: callbacks.onFence needs stepsPerFence, the steps between two calls', 'OPTION');
  }
}

export function positiveInteger(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new ValueError(`${where}: ${name} must be a positive integer, got ${String(value)}`, 'OPTION');
  }
}
