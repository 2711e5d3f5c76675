import type { Data } from '../data/dataset.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { checkNumber, checkOptions } from '../define/plugin/options.js';
import { inPlace, ValueError } from '../errors.js';
import { checkStrategy, type Strategy } from '../define/strategy.js';
import type { Logs } from './events.js';

/** How `fit` trains; all of it may be left out. */
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
  /**
   * How several replicas train together: `hogwild()`, `parameterServer()`, `localSgd()`, `elasticAveraging()`. `batchSize` is then that
   * of one replica, and data must be arrays. Default: `synchronous()`, the engine's workers share each step.
   */
  readonly strategy?: Strategy;
  /** Aborts after the running step. */
  readonly signal?: AbortSignal;
  /** Called between steps, where the model may be changed. */
  readonly callbacks?: Callbacks;
  /** Steps between two calls of `callbacks.onFence`. Default: only epochs are fences. */
  readonly stepsPerFence?: number;
}

/**
 * Called at fences, while no step runs; a promise is awaited. There the learning rate and `trainable` may be set, weights
 * assigned, the model evaluated and saved: it all holds from the next step on.
 */
export interface Callbacks {
  /** Before the first step of an epoch; epochs count from 0. */
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** Every `stepsPerFence` steps of the epoch, its last step included if it falls there; logs are means so far. */
  onFence?(fence: { readonly epoch: number; readonly step: number; readonly logs: Logs }): void | Promise<void>;
  /** After the epoch's last step and its validation, of which the logs tell. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
}

const OPTIONS = [
  'epochs',
  'batchSize',
  'shuffle',
  'validationData',
  'shards',
  'strategy',
  'signal',
  'callbacks',
  'stepsPerFence',
] as const;
const CALLBACKS = ['onEpochBegin', 'onFence', 'onEpochEnd'] as const;

/** @throws before anything starts: unknown options, counts that are not positive integers */
export function checkFit(options: FitOptions): void {
  checkOptions('fit', options, OPTIONS);
  const { epochs = 1, stepsPerFence = 1, callbacks = {}, signal } = options;
  checkOptions('fit: callbacks', callbacks, CALLBACKS);
  inPlace('fit', () => {
    checkNumber('epochs', epochs, 'a positive integer');
    checkNumber('stepsPerFence', stepsPerFence, 'a positive integer');
    batching(options);
    if (options.strategy !== undefined) {
      checkStrategy(options.strategy);
      if (options.strategy.kind === 'replicas' && options.shards !== undefined) {
        throw new ValueError(
          `shards cut a batch for the workers of one step, and strategy '${options.strategy.name}' has none; leave shards out`,
          'OPTION',
        );
      }
    }
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new ValueError(`signal must be an AbortSignal, got ${describeValue(signal)}`, 'OPTION');
    }
    for (const name of CALLBACKS) checkCallback(name, callbacks[name]);
    if (callbacks.onFence && options.stepsPerFence === undefined) {
      throw new ValueError('callbacks.onFence needs stepsPerFence, the steps between two calls', 'OPTION');
    }
  });
}

function checkCallback(name: string, given: unknown): void {
  if (given === undefined || typeof given === 'function') return;
  throw new ValueError(`callbacks.${name} must be a function, got ${describeValue(given)}`, 'OPTION');
}

/** How a batch is to be cut, with the default of its size. @throws ValueError when it cannot be */
export function batching({ batchSize = 32, shards }: Pick<FitOptions, 'batchSize' | 'shards'>) {
  checkNumber('batchSize', batchSize, 'a positive integer');
  if (shards !== undefined && (!Number.isInteger(shards) || shards < 1 || shards > batchSize)) {
    throw new ValueError(
      `shards must be an integer in 1 … batchSize (${batchSize}), got ${describeValue(shards)}`,
      'OPTION',
    );
  }
  return { batchSize, shards };
}
