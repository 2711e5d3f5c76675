import { checkNumber, checkOptions } from '../define/plugin/options.js';
import { inPlace, ValueError } from '../errors.js';
import { describeValue } from '../define/plugin/describe-value.js';

/** What `evaluate` and `predict` take besides data; all of it may be left out. */
export interface EvaluateOptions {
  /** Examples computed at once. Default: 256. */
  readonly batchSize?: number;
  /** Aborts after the running batch. */
  readonly signal?: AbortSignal;
}

/** Examples computed at once where nothing else is asked for. */
export const INFERENCE_BATCH = 256;

/** The options checked, with defaults; `aborted` aborts with the caller's signal or the engine's. */
export function inference(where: string, options: EvaluateOptions, disposal: AbortSignal) {
  checkOptions(where, options, ['batchSize', 'signal']);
  const { batchSize = INFERENCE_BATCH, signal } = options;
  inPlace(where, () => {
    checkNumber('batchSize', batchSize, 'a positive integer');
    if (signal === undefined || signal instanceof AbortSignal) return;
    throw new ValueError(`signal must be an AbortSignal, got ${describeValue(signal)}`, 'OPTION');
  });
  return { batchSize, aborted: signal ? AbortSignal.any([signal, disposal]) : disposal };
}
