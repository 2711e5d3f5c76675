import { js } from '@convoy/backend-js';
import {
  createEngine,
  defineLayer,
  defineLoss,
  defineMetric,
  Layer,
  losses,
  metrics,
  reduceSum,
  RuntimeError,
  square,
  sub,
  UnknownOptionError,
  ValueError,
  type Model,
  type SymbolicTensor,
} from '@convoy/engine';
import { dense, flatten } from '@convoy/layers';
import { adam, optimizersPlugin, schedules, sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { nextThreadNumber } from '../fixtures/next-thread-number.js';

const engine = await createEngine({ backend: js(), workers: 2 });
afterAll(() => engine.dispose());

let firstThread = 0;
beforeAll(async () => {
  firstThread = await nextThreadNumber();
});

const OPTION = { error: ValueError, code: 'OPTION' };
const UNKNOWN = { error: UnknownOptionError, code: 'UNKNOWN_OPTION' };

/** Three scores of images [2, 2, 1]. */
function scores(compiled: object | null = { optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' }): Model {
  const model = engine.sequential([flatten({ inputShape: [2, 2, 1] }), dense({ name: 'scores', units: 3 })]);
  if (compiled) model.compile(unchecked(compiled));
  return model;
}

describe('compile', () => {
  const compile = (options: unknown) => () => scores(null).compile(unchecked(options));

  test('needs an optimizer and a loss', async () => {
    await expectRefusal(compile({}), { ...OPTION, says: ["'optimizer' and 'loss' are needed"] });
    await expectRefusal(compile({ optimizer: sgd() }), { ...OPTION, says: ["'optimizer' and 'loss' are needed"] });
    await expectRefusal(compile(undefined), { ...OPTION, says: ['compile', 'options'] });
  });

  test('refuses an unknown option', () =>
    expectRefusal(compile({ optimizer: sgd(), loss: 'meanSquaredError', metric: [] }), {
      ...UNKNOWN,
      says: ["compile: unknown option 'metric'", "Did you mean 'metrics'?"],
    }));

  test('asks to call an optimizer that was not', () =>
    expectRefusal(compile({ optimizer: adam, loss: 'meanSquaredError' }), { ...OPTION, says: ['compile', 'adam()'] }));

  test('asks to call a loss that was not', () =>
    expectRefusal(compile({ optimizer: sgd(), loss: losses.meanSquaredError }), {
      ...OPTION,
      says: ['compile', 'meanSquaredError()'],
    }));

  test('asks to call a metric that was not', () =>
    expectRefusal(compile({ optimizer: sgd(), loss: 'meanSquaredError', metrics: [metrics.accuracy] }), {
      ...OPTION,
      says: ['compile', 'accuracy()'],
    }));

  test('wants values made by optimizers, losses and metrics', async () => {
    await expectRefusal(compile({ optimizer: 3, loss: 'meanSquaredError' }), {
      ...OPTION,
      says: ['compile', 'optimizer', '3'],
    });
    await expectRefusal(compile({ optimizer: sgd(), loss: (a: number) => a }), { ...OPTION, says: ['defineLoss'] });
    await expectRefusal(compile({ optimizer: sgd(), loss: metrics.accuracy() }), {
      ...OPTION,
      says: ['compile', 'loss', "the metric 'accuracy'"],
    });
    await expectRefusal(compile({ optimizer: sgd(), loss: 'meanSquaredError', metrics: 'accuracy' }), {
      ...OPTION,
      says: ['compile', 'metrics', /list|array/],
    });
  });

  test('says which names there are, and where others come from', async () => {
    const error = { error: ValueError, code: 'UNKNOWN_NAME' };
    await expectRefusal(compile({ optimizer: sgd(), loss: 'mse' }), { ...error, says: ["'mse'", 'meanSquaredError'] });
    await expectRefusal(compile({ optimizer: sgd(), loss: 'meanSquaredError', metrics: ['acc'] }), {
      ...error,
      says: ["'acc'", 'accuracy'],
    });
    await expectRefusal(compile({ optimizer: 'adam', loss: 'meanSquaredError' }), {
      ...error,
      says: ["'adam'", 'createEngine({ plugins'],
    });
    await using named = await createEngine({ backend: js(), workers: 'inline', plugins: [optimizersPlugin] });
    const model = named.sequential([dense({ units: 1, inputShape: [1] })]);
    await expectRefusal(() => model.compile({ optimizer: 'adams', loss: 'meanSquaredError' }), {
      ...error,
      says: ["'adams'", /known: adam, sgd/i],
    });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    expect(model.training.compiled.optimizer.name).toBe('adam');
  });

  test('wants one loss for each output', async () => {
    const twice = ['meanSquaredError', 'meanSquaredError'];
    await expectRefusal(compile({ optimizer: sgd(), loss: twice }), { ...OPTION, says: [/1 output\b/, /2 losses/] });
    await expectRefusal(compile({ optimizer: sgd(), loss: [] }), { ...OPTION, says: [/1 output\b/, /0 losses/] });
    const x = engine.input({ shape: [2] });
    const both = engine.model({ inputs: x, outputs: [dense({ units: 1 }).apply(x), dense({ units: 2 }).apply(x)] });
    await expectRefusal(() => both.compile({ optimizer: sgd(), loss: ['meanSquaredError'] }), {
      ...OPTION,
      says: ['2 outputs', /1 loss\b/],
    });
  });
});

describe('a loss or metric that does not fit the output', () => {
  /** A model whose output is one number for each example, [batch]. */
  class Total extends Layer {
    call(x: SymbolicTensor): SymbolicTensor {
      return reduceSum(x, { axes: [1] });
    }
  }
  const total = defineLayer('total', Total);
  const totals = () => engine.sequential([total({ name: 'sums', inputShape: [3] })]);

  for (const loss of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy']) {
    test(`${loss} needs an axis of classes`, () =>
      expectRefusal(() => totals().compile({ optimizer: sgd(), loss }), {
        error: ValueError,
        code: 'CLASSES',
        says: ["layer 'sums'", `loss '${loss}'`, 'axis of classes', '[batch]'],
      }));
  }

  test('accuracy needs an axis of classes', () =>
    expectRefusal(() => totals().compile({ optimizer: sgd(), loss: 'meanSquaredError', metrics: ['accuracy'] }), {
      error: ValueError,
      code: 'CLASSES',
      says: ["layer 'sums'", "metric 'accuracy'", 'axis of classes', '[batch]'],
    }));

  test('accuracy needs two classes or more: of one class all is right', () =>
    expectRefusal(
      () =>
        engine
          .sequential([dense({ name: 'price', units: 1, inputShape: [3] })])
          .compile({ optimizer: sgd(), loss: 'meanSquaredError', metrics: ['accuracy'] }),
      { error: ValueError, code: 'CLASSES', says: ["layer 'price'", "metric 'accuracy'", '[batch, 1]'] },
    ));

  test('a loss whose targets have another shape names both shapes', () => {
    const pairs = defineLoss('pairs', () => ({
      targets: () => ({ dtype: 'float32', shape: [null, 2] }),
      perExample: (output, targets) => square(sub(output, targets)),
    }));
    return expectRefusal(() => scores({ optimizer: sgd(), loss: pairs() }), {
      error: ValueError,
      code: 'SHAPE_MISMATCH',
      says: ["loss 'pairs'", '[batch, 3]', '[batch, 2]'],
    });
  });

  test('a loss or metric must give a value for each example', async () => {
    const summed = defineLoss('summed', () => ({
      targets: (output) => ({ dtype: 'float32', shape: output }),
      perExample: (output, targets) => reduceSum(sub(output, targets)),
    }));
    await expectRefusal(() => scores({ optimizer: sgd(), loss: summed() }), {
      error: ValueError,
      code: 'PER_EXAMPLE',
      says: ["loss 'summed'", 'perExample', 'batch', '[]'],
    });
    const counted = defineMetric('counted', () => ({ perExample: (output) => reduceSum(output) }));
    await expectRefusal(() => scores({ optimizer: sgd(), loss: 'meanSquaredError', metrics: [counted()] }), {
      error: ValueError,
      code: 'PER_EXAMPLE',
      says: ["metric 'counted'", 'perExample', 'batch', '[]'],
    });
  });
});

describe('an optimizer or schedule', () => {
  test('refuses a rate below 0, and what is no rate', async () => {
    for (const learningRate of [-0.1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', null]) {
      for (const optimizer of [sgd, adam]) {
        await expectRefusal(
          () => scores({ optimizer: optimizer(unchecked({ learningRate })), loss: 'meanSquaredError' }),
          {
            ...OPTION,
            says: ['learningRate', String(learningRate)],
          },
        );
      }
    }
  });

  test('asks to call a schedule that was not', () =>
    expectRefusal(
      () => scores({ optimizer: sgd(unchecked({ learningRate: schedules.linearDecay })), loss: 'meanSquaredError' }),
      { ...OPTION, says: ['learningRate', 'linearDecay('] },
    ));

  test('refuses settings out of their range', async () => {
    await expectRefusal(() => sgd({ momentum: 1 }), { ...OPTION, says: ['sgd', 'momentum', '[0, 1)', '1'] });
    await expectRefusal(() => adam({ beta1: 1 }), { ...OPTION, says: ['adam', 'beta1', '[0, 1)', '1'] });
    await expectRefusal(() => adam({ beta2: -0.5 }), { ...OPTION, says: ['adam', 'beta2', '-0.5'] });
    await expectRefusal(() => adam({ epsilon: 0 }), { ...OPTION, says: ['adam', 'epsilon', 'above 0'] });
    await expectRefusal(() => schedules.linearDecay({ decaySteps: 0 }), {
      ...OPTION,
      says: ['linearDecay', 'decaySteps'],
    });
    await expectRefusal(() => schedules.oneCycle({ totalSteps: 1.5 }), { ...OPTION, says: ['oneCycle', 'totalSteps'] });
    await expectRefusal(() => schedules.oneCycle({ totalSteps: 9, warmup: 1 }), {
      ...OPTION,
      says: ['oneCycle', 'warmup'],
    });
  });

  test('refuses an unknown option', async () => {
    await expectRefusal(() => sgd(unchecked({ lr: 0.1 })), {
      ...UNKNOWN,
      says: ["sgd: unknown option 'lr'", 'learningRate'],
    });
    await expectRefusal(() => schedules.oneCycle(unchecked({ total: 9 })), {
      ...UNKNOWN,
      says: ['oneCycle', 'totalSteps'],
    });
  });

  test('a rate set later is checked too', async () => {
    const model = scores();
    await expectRefusal(() => void (model.learningRate = -1), { ...OPTION, says: ['learningRate', '-1'] });
    expect(model.learningRate).toBeCloseTo(0.01, 7);
  });

  test('a schedule has no rate to read or set', async () => {
    const model = scores({ optimizer: sgd({ learningRate: schedules.constant() }), loss: 'meanSquaredError' });
    const error = { error: RuntimeError, code: 'SCHEDULE', says: ['schedule'] };
    await expectRefusal(() => model.learningRate, error);
    await expectRefusal(() => void (model.learningRate = 1), error);
  });
});

test('what needs compile says so', async () => {
  const model = scores(null);
  const data = { x: new Float32Array(4), y: new Uint8Array(1) };
  const error = { error: RuntimeError, code: 'UNCOMPILED', says: ['model.compile({ optimizer, loss })'] };
  await expectRefusal(() => model.fit(data), error);
  await expectRefusal(() => model.evaluate(data), error);
  await expectRefusal(() => model.learningRate, error);
});

test('a model without trainable weights is not fitted', async () => {
  const data = { x: new Float32Array(4), y: new Float32Array(4) };
  for (const layer of [flatten({ inputShape: [4] }), dense({ units: 4, trainable: false, inputShape: [4] })]) {
    const model = engine.sequential([layer]);
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    await expectRefusal(() => model.fit(data), {
      error: ValueError,
      code: 'NOTHING_TO_TRAIN',
      says: ['no trainable weights', 'trainable'],
    });
  }
});

test('no refusal above started a thread', async () => {
  expect(await nextThreadNumber()).toBe(firstThread + 1);
});
