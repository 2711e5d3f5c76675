import { defineMetric, type MetricFactory } from '../define/loss.js';
import { equal } from './ops/arithmetic.js';
import { argMax } from './ops/reductions.js';

/** Share of examples whose largest output is the labelled class; labels as integers or as rows of probabilities. */
export const accuracy: MetricFactory<object> = defineMetric('accuracy', () => ({
  perExample: (output, targets) => equal(argMax(output), targets.rank === output.rank ? argMax(targets) : targets),
}));
