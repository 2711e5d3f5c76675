import {
  add,
  checkNumber,
  defineOptimizer,
  div,
  mul,
  pow,
  sqrt,
  square,
  sub,
  type OptimizerFactory,
  type Schedule,
} from '@convoy/engine';

/** Hyper-parameters of Adam. */
export interface AdamOptions {
  /** A number or a schedule. Default: 0.001. */
  learningRate?: number | Schedule;
  /** Decay of the mean of gradients; in [0, 1). Default: 0.9. */
  beta1?: number;
  /** Decay of the mean of squared gradients; in [0, 1). Default: 0.999. */
  beta2?: number;
  /** Added to the root. Default: 1e-7, as Keras has it. */
  epsilon?: number;
}

/**
 * Kingma and Ba 2015, in the form before section 2.1's algorithm 1 is expanded: with t the step from 1,
 * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − rate · √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε).
 */
export const adam: OptimizerFactory<AdamOptions> = defineOptimizer<AdamOptions>(
  'adam',
  ({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }) => {
    checkNumber('beta1', beta1, 'a number in [0, 1)');
    checkNumber('beta2', beta2, 'a number in [0, 1)');
    checkNumber('epsilon', epsilon, 'a number above 0');
    return {
      learningRate,
      state: ['m', 'v'],
      stateUnderHogwild: 'perReplica',
      update({ variable, gradient, state: { m = variable, v = variable }, learningRate: rate, step }) {
        const t = add(step, 1);
        const nextM = add(mul(m, beta1), mul(gradient, 1 - beta1));
        const nextV = add(mul(v, beta2), mul(square(gradient), 1 - beta2));
        const correction = div(sqrt(sub(1, pow(beta2, t))), sub(1, pow(beta1, t)));
        const move = div(mul(mul(rate, correction), nextM), add(sqrt(nextV), epsilon));
        return { variable: sub(variable, move), m: nextM, v: nextV };
      },
    };
  },
  ['learningRate', 'beta1', 'beta2', 'epsilon'],
);
