import {
  add,
  checkNumber,
  cos,
  defineSchedule,
  div,
  fill,
  less,
  min,
  mul,
  select,
  sub,
  type ScheduleFactory,
  type SymbolicTensor,
} from '@convoy/engine';

/** The same rate at every step; 0.001 by default. */
export const constant: ScheduleFactory<{ learningRate: number }> = defineSchedule<{ learningRate: number }>(
  'constant',
  ({ learningRate = 0.001 }) => {
    checkNumber('learningRate', learningRate, 'a number >= 0');
    return () => fill(learningRate, []);
  },
  ['learningRate'],
);

/** A line of learning rates; `decaySteps` is needed. */
export interface LinearDecayOptions {
  /** Rate at step 0. Default: 0.001. */
  initialLearningRate?: number;
  /** Rate from step `decaySteps` on. Default: 0. */
  endLearningRate?: number;
  /** Steps from the initial to the end rate. */
  decaySteps: number;
}

/** From the initial to the end rate along a straight line, then constant. */
export const linearDecay: ScheduleFactory<LinearDecayOptions> = defineSchedule<LinearDecayOptions>(
  'linearDecay',
  ({ initialLearningRate = 0.001, endLearningRate = 0, decaySteps }) => {
    checkNumber('initialLearningRate', initialLearningRate, 'a number >= 0');
    checkNumber('endLearningRate', endLearningRate, 'a number >= 0');
    checkNumber('decaySteps', decaySteps, 'a positive integer');
    return (step) =>
      add(mul(min(div(step, decaySteps), 1), endLearningRate - initialLearningRate), initialLearningRate);
  },
  ['initialLearningRate', 'endLearningRate', 'decaySteps'],
);

/** A cycle of learning rates; `totalSteps` is needed. */
export interface OneCycleOptions {
  /** The highest rate. Default: 0.01. */
  maxLearningRate?: number;
  /** Steps of the way up and down together. */
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
    checkNumber('maxLearningRate', maxLearningRate, 'a number >= 0');
    checkNumber('totalSteps', totalSteps, 'a positive integer');
    checkNumber('warmup', warmup, 'a number in (0, 1)');
    checkNumber('divFactor', divFactor, 'a number above 0');
    checkNumber('finalDivFactor', finalDivFactor, 'a number above 0');
    const top = warmup * totalSteps - 1;
    const first = maxLearningRate / divFactor;
    const last = first / finalDivFactor;
    return (step) =>
      select(
        less(step, top),
        cosine(first, maxLearningRate, div(step, Math.max(top, 1))),
        cosine(maxLearningRate, last, min(div(sub(step, top), totalSteps - 1 - top), 1)),
      );
  },
  ['maxLearningRate', 'totalSteps', 'warmup', 'divFactor', 'finalDivFactor'],
);

/** From `start` at share 0 to `end` at share 1 along half a cosine. */
function cosine(start: number, end: number, share: SymbolicTensor): SymbolicTensor {
  return add(mul(add(cos(mul(share, Math.PI)), 1), (start - end) / 2), end);
}
