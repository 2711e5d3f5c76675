import {
  add,
  cos,
  defineSchedule,
  div,
  fill,
  less,
  min,
  mul,
  select,
  sub,
  ValueError,
  type ScheduleFactory,
  type SymbolicTensor,
} from '@convoy/engine';

/** The same rate at every step. */
export const constant: ScheduleFactory<{ learningRate: number }> = defineSchedule<{ learningRate: number }>(
  'constant',
  ({ learningRate = 0.001 }) =>
    () =>
      fill(learningRate, []),
  ['learningRate'],
);

export interface LinearDecayOptions {
  /** Rate at step 0. Default: 0.001. */
  initialLearningRate?: number;
  /** Rate from step `decaySteps` on. Default: 0. */
  endLearningRate?: number;
  decaySteps: number;
}

/** From the initial to the end rate along a straight line, then constant. */
export const linearDecay: ScheduleFactory<LinearDecayOptions> = defineSchedule<LinearDecayOptions>(
  'linearDecay',
  ({ initialLearningRate = 0.001, endLearningRate = 0, decaySteps }) => {
    const steps = positive('linearDecay', 'decaySteps', decaySteps);
    return (step) => add(mul(min(div(step, steps), 1), endLearningRate - initialLearningRate), initialLearningRate);
  },
  ['initialLearningRate', 'endLearningRate', 'decaySteps'],
);

export interface OneCycleOptions {
  /** The highest rate. Default: 0.01. */
  maxLearningRate?: number;
  totalSteps: number;
  /** Share of the steps on the way up. Default: 0.3. */
  warmup?: number;
  /** The first rate is the highest divided by this. Default: 25. */
  divFactor?: number;
  /** The last rate is the first divided by this. Default: 10,000. */
  finalDivFactor?: number;
}

/**
 * Smith and Topin, "Super-convergence" (2018), with cosine halves and the defaults of PyTorch's OneCycleLR: up to the
 * highest rate during the warm-up, then down to the last one at step `totalSteps` − 1, then constant.
 */
export const oneCycle: ScheduleFactory<OneCycleOptions> = defineSchedule<OneCycleOptions>(
  'oneCycle',
  ({ maxLearningRate = 0.01, totalSteps, warmup = 0.3, divFactor = 25, finalDivFactor = 1e4 }) => {
    const steps = positive('oneCycle', 'totalSteps', totalSteps);
    if (!(warmup > 0 && warmup < 1))
      throw new ValueError(`oneCycle: warmup must be in (0, 1), got ${warmup}`, 'OPTION');
    const top = warmup * steps - 1;
    const first = maxLearningRate / divFactor;
    const last = first / finalDivFactor;
    return (step) =>
      select(
        less(step, top),
        cosine(first, maxLearningRate, div(step, Math.max(top, 1))),
        cosine(maxLearningRate, last, min(div(sub(step, top), steps - 1 - top), 1)),
      );
  },
  ['maxLearningRate', 'totalSteps', 'warmup', 'divFactor', 'finalDivFactor'],
);

/** From `start` at share 0 to `end` at share 1 along half a cosine. */
function cosine(start: number, end: number, share: SymbolicTensor): SymbolicTensor {
  return add(mul(add(cos(mul(share, Math.PI)), 1), (start - end) / 2), end);
}

function positive(where: string, name: string, steps: number | undefined): number {
  if (steps !== undefined && Number.isInteger(steps) && steps > 0) return steps;
  throw new ValueError(`${where}: ${name} must be a positive integer, got ${String(steps)}`, 'OPTION');
}
