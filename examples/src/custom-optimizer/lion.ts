import { add, defineOptimizer, definePlugin, mul, sign, sub } from '@convoy/engine';

/** Lion (Chen et al. 2023): w ← w − rate · (sign(β₁m + (1−β₁)g) + decay · w); m ← β₂m + (1−β₂)g. */
export const lion = defineOptimizer<{ learningRate?: number; beta1?: number; beta2?: number; weightDecay?: number }>(
  'lion',
  ({ learningRate = 1e-3, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 }) => ({
    learningRate,
    state: ['m'],
    update({ variable, gradient, state: { m }, learningRate: rate }) {
      const direction = sign(add(mul(m, beta1), mul(gradient, 1 - beta1)));
      return {
        variable: sub(variable, mul(rate, add(direction, mul(variable, weightDecay)))),
        m: add(mul(m, beta2), mul(gradient, 1 - beta2)),
      };
    },
  }),
  ['learningRate', 'beta1', 'beta2', 'weightDecay'],
);
export const lionPlugin = definePlugin({ name: 'lion', parts: [lion] });
