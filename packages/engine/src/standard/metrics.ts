import { defineMetric, type MetricFactory } from '../define/loss.js';
import { formatShape } from '../define/op/shape.js';
import { ValueError } from '../errors.js';
import { classesOf } from './class-axis.js';
import { equal } from './ops/arithmetic.js';
import { argMax } from './ops/reductions.js';

/** Share of examples whose largest output is the labelled class; labels as integers or as rows of probabilities. */
export const accuracy: MetricFactory<object> = defineMetric('accuracy', () => ({
  perExample(output, targets) {
    if (classesOf(output.shape) < 2) {
      throw new ValueError(
        `of one class every answer is right: the output needs two classes or more, got shape ${formatShape(output.shape)}`,
        'CLASSES',
      );
    }
    return equal(argMax(output), targets.rank === output.rank ? argMax(targets) : targets);
  },
}));
