/** Wrong ways to write an optimizer, a schedule, a constraint, an initializer, a loss and a metric. */
import {
  add,
  defineConstraint,
  defineInitializer,
  defineLoss,
  defineMetric,
  defineOptimizer,
  defineSchedule,
  fill,
  reduceMean,
  reduceSum,
  square,
  sub,
} from '@convoy/engine';
import type { LossRule, MetricRule, OptimizerRule, SymbolicTensor } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { describe, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { train } from './small-model.js';

describe('an optimizer is refused', () => {
  const right: OptimizerRule = {
    learningRate: 0.1,
    state: ['m'],
    update: ({ variable, gradient, state: { m } }) => ({ variable: sub(variable, m), m: add(m, gradient) }),
  };
  const refused = (rule: object, says: string[]) => {
    const leap = defineOptimizer('leap', () => ({ ...right, ...rule }));
    return expectRefusal(() => train({ optimizer: leap() }), { says: ['leap', ...says] });
  };
  const update = (next: (variable: SymbolicTensor, m: SymbolicTensor) => unknown) => ({
    update: ({ variable, state: { m } }: Parameters<OptimizerRule['update']>[0]) => next(variable, m),
  });

  test('whose update gives a variable another shape', () =>
    refused(
      update((variable, m) => ({ variable: reduceSum(variable), m })),
      ["'variable'", "'dense_1/bias:0'", 'shape []', '[2]'],
    ));

  test('whose update forgets a value of its state', () =>
    refused(
      update((variable) => ({ variable })),
      ['update', "no 'm'", "'dense_1/bias:0'"],
    ));

  test('whose update forgets the variable', () =>
    refused(
      update((_, m) => ({ m })),
      ['update', "no 'variable'", "'dense_1/bias:0'"],
    ));

  test('whose update gives a number', () =>
    refused(
      update((_, m) => ({ variable: 3, m })),
      ["'variable'", "'dense_1/bias:0'", 'number'],
    ));

  test('whose update gives what is not in its state', () =>
    refused(
      update((variable, m) => ({ variable, m, v: m })),
      ['update', "'v'", 'state'],
    ));

  test('whose update returns nothing', () =>
    refused(
      update(() => undefined),
      ['update', 'undefined'],
    ));

  test('without an update', () => refused({ update: undefined }, ['update']));

  test('whose rule makes nothing', () =>
    expectRefusal(() => defineOptimizer('leap', () => unchecked(undefined))(), { says: ['leap', 'undefined'] }));

  test("that calls a value of its state 'variable'", () => refused({ state: ['variable'] }, ['state', "'variable'"]));

  test.each([
    ['nothing', undefined, 'undefined'],
    ['a negative number', -1, '-1'],
    ['not a number', Number.NaN, 'NaN'],
    ['a string', '0.1', "'0.1'"],
    ['a schedule that was not called', defineSchedule('flat', () => () => fill(1, [])), 'flat()'],
  ])('whose learning rate is %s', (_, learningRate, says) => refused({ learningRate }, ['learningRate', says]));

  test('that was not called', () =>
    expectRefusal(() => train({ optimizer: unchecked(sgd) }), { says: ['optimizer', 'must be called', 'sgd()'] }));
});

test('a schedule whose rate is no scalar is refused by name', () => {
  const pair = defineSchedule('pair', () => () => fill(1, [2]));
  return expectRefusal(() => train({ optimizer: sgd({ learningRate: pair() }) }), {
    says: ["schedule 'pair'", 'shape [2]', 'shape []'],
  });
});

describe('a constraint is refused, with the name of its variable,', () => {
  const refused = (project: (w: SymbolicTensor) => unknown, says: string[]) => {
    const box = defineConstraint('box', () => unchecked(project));
    return expectRefusal(() => train({ constraint: box() }), { says: ["'dense/kernel:0'", 'constraint', ...says] });
  };

  test('that returns nothing', () => refused(() => undefined, ['undefined']));
  test('that returns a number', () => refused(() => 5, ['number']));
  test('that returns another shape', () => refused((w) => reduceSum(w), ['shape []', '[2, 3]']));

  test('that was not called', () => {
    const box = defineConstraint('box', () => (w) => w);
    return expectRefusal(() => train({ constraint: unchecked(box) }), {
      says: ["layer 'dense_1'", "'dense/kernel:0'", 'box()'],
    });
  });

  test.each([
    ['a number', 5],
    ['an object', {}],
  ])('that is %s', (_, value) =>
    expectRefusal(() => train({ constraint: unchecked(value) }), {
      says: ["layer 'dense_1'", "'dense/kernel:0'", 'constraint', typeof value],
    }),
  );

  test('whose factory makes no function', () =>
    expectRefusal(() => defineConstraint('box', () => unchecked(5))(), { says: ['box', 'function', 'number'] }));
});

describe('an initializer is refused, with the name of its variable,', () => {
  const refused = (values: unknown, says: string[]) => {
    const made = defineInitializer('made', () => () => unchecked(values));
    return expectRefusal(() => train({ initializer: made() }), {
      says: ["layer 'dense_1'", "'dense/kernel:0'", ...says],
    });
  };

  test('that gives too few values', () => refused(new Float32Array(5), ['made', '5 values', '[2, 3]']));
  test('that gives too many values', () => refused(new Float32Array(7), ['made', '7 values', '[2, 3]']));
  test('that gives nothing', () => refused(undefined, ['made', 'undefined']));

  test('that was not called', () => {
    const made = defineInitializer('made', () => () => new Float32Array(6));
    return expectRefusal(() => train({ initializer: unchecked(made) }), {
      says: ["layer 'dense_1'", "'dense/kernel:0'", 'made()'],
    });
  });
});

describe('a loss is refused', () => {
  const right: LossRule = {
    targets: (shape) => ({ dtype: 'float32', shape }),
    perExample: (output, targets) => square(sub(output, targets)),
  };
  const refused = (rule: object, says: string[]) => {
    const gap = defineLoss('gap', () => ({ ...right, ...rule }));
    return expectRefusal(() => train({ loss: gap() }), { says: ["loss 'gap'", ...says] });
  };

  test('that returns nothing', () => refused({ perExample: () => undefined }, ['perExample', 'undefined']));
  test('that returns a number', () => refused({ perExample: () => 5 }, ['perExample', 'number']));
  test('that is one number for the whole batch', () =>
    refused({ perExample: (output: SymbolicTensor) => reduceMean(output) }, ['perExample', 'shape []', 'batch']));
  test('without perExample', () => refused({ perExample: undefined }, ['perExample']));
  test('that does not say what its targets are', () => refused({ targets: undefined }, ['targets']));
  test('whose targets are nothing', () => refused({ targets: () => undefined }, ['targets', 'undefined']));
  test('whose targets have no batch axis', () =>
    refused({ targets: () => ({ dtype: 'float32', shape: [2] }) }, ['targets', '[2]', 'batch']));
  test('that is a bare function', () =>
    expectRefusal(() => train({ loss: unchecked((output: SymbolicTensor) => output) }), {
      says: ['loss', 'defineLoss'],
    }));
});

describe('a metric is refused', () => {
  const refused = (perExample: unknown, says: string[]) => {
    const rule: MetricRule = { perExample: unchecked(perExample) };
    return expectRefusal(() => train({ metrics: [defineMetric('spread', () => rule)()] }), {
      says: ["metric 'spread'", ...says],
    });
  };

  test('that returns nothing', () => refused(() => undefined, ['perExample', 'undefined']));
  test('that is one number for the whole batch', () =>
    refused((output: SymbolicTensor) => reduceMean(output), ['perExample', 'shape []', 'batch']));

  test('that takes the name of the loss, or of another metric', async () => {
    const named = (name: string) => defineMetric(name, () => ({ perExample: (output) => output }))();
    await expectRefusal(() => train({ metrics: [named('loss')] }), { says: ['compile', "'loss'", 'metric'] });
    await expectRefusal(() => train({ metrics: [named('spread'), named('spread')] }), {
      says: ['compile', "'spread'", 'metric'],
    });
  });
});
