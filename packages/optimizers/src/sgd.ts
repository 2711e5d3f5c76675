import { add, checkNumber, defineOptimizer, mul, sub, type OptimizerFactory, type Schedule } from '@convoy/engine';

/** Hyper-parameters of gradient descent. */
export interface SgdOptions {
  /** A number or a schedule. Default: 0.01. */
  learningRate?: number | Schedule;
  /** In [0, 1). Default: 0, plain gradient descent. */
  momentum?: number;
  /** Nesterov's momentum: the gradient counts at the point ahead. Default: false. */
  nesterov?: boolean;
}

/**
 * Gradient descent, as Keras has it (momentum after Sutskever et al. 2013):
 * v ← momentum · v − rate · g; w ← w + v, or with `nesterov` w ← w + momentum · v − rate · g.
 */
export const sgd: OptimizerFactory<SgdOptions> = defineOptimizer<SgdOptions>(
  'sgd',
  ({ learningRate = 0.01, momentum = 0, nesterov = false }) => {
    checkNumber('momentum', momentum, 'a number in [0, 1)');
    if (momentum === 0) {
      return {
        learningRate,
        update: ({ variable, gradient, learningRate: rate }) => ({ variable: sub(variable, mul(rate, gradient)) }),
      };
    }
    return {
      learningRate,
      state: ['velocity'],
      stateUnderHogwild: 'shared',
      update({ variable, gradient, state: { velocity = variable }, learningRate: rate }) {
        const move = mul(rate, gradient);
        const next = sub(mul(velocity, momentum), move);
        return { variable: add(variable, nesterov ? sub(mul(next, momentum), move) : next), velocity: next };
      },
    };
  },
  ['learningRate', 'momentum', 'nesterov'],
);
