import { js } from '@convoy/backend-js';
import { createEngine, UnknownOptionError, ValueError, type Model } from '@convoy/engine';
import { dense, flatten } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
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
const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** Three scores of images [2, 2, 1]. */
function scores(): Model {
  const model = engine.sequential([flatten({ inputShape: [2, 2, 1] }), dense({ units: 3 })]);
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const model = scores();
const data = { x: new Float32Array(40), y: new Uint8Array(10) };

describe('fit refuses', () => {
  const fit = (options: unknown) => () => model.fit(data, unchecked(options));
  const cases: [option: string, value: unknown, says: readonly (string | RegExp)[]][] = [
    ['epochs', 0, ['positive integer', '0']],
    ['epochs', -2, ['positive integer', '-2']],
    ['epochs', 1.5, ['positive integer', '1.5']],
    ['epochs', '3', ['positive integer', '3']],
    ['batchSize', 0, ['positive integer', '0']],
    ['batchSize', 2.5, ['positive integer', '2.5']],
    ['stepsPerFence', 0, ['positive integer', '0']],
    ['shards', 0, ['1 … batchSize (32)', '0']],
    ['shards', 33, ['1 … batchSize (32)', '33']],
    ['shards', 1.5, ['1 … batchSize (32)', '1.5']],
    ['signal', {}, ['AbortSignal']],
    ['callbacks', [() => undefined], ['onEpochEnd']],
    ['callbacks', () => undefined, ['onEpochEnd']],
    ['callbacks', { onEpochEnd: 3 }, ['onEpochEnd', 'function']],
    ['callbacks', { onFence() {} }, ['onFence', 'stepsPerFence']],
  ];
  for (const [option, value, says] of cases) {
    test(`${option} ${show(value)}`, () =>
      expectRefusal(fit({ [option]: value }), { ...OPTION, says: [/^fit/, option, ...says] }));
  }

  test('more shards than examples in a batch', () =>
    expectRefusal(() => model.fit(data, { batchSize: 4, shards: 5 }), { ...OPTION, says: ['batchSize (4)', '5'] }));

  test('unknown options, callbacks among them', async () => {
    const error = { error: UnknownOptionError, code: 'UNKNOWN_OPTION' };
    await expectRefusal(fit({ epoch: 3 }), { ...error, says: ["fit: unknown option 'epoch'", "'epochs'?"] });
    await expectRefusal(fit({ batch_size: 3 }), { ...error, says: ["'batch_size'", "'batchSize'?"] });
    await expectRefusal(fit({ callbacks: { onEpochend() {} } }), { ...error, says: ["'onEpochend'", "'onEpochEnd'?"] });
  });

  test('options that are no object', async () => {
    await expectRefusal(fit(null), { ...OPTION, says: ['fit', 'options'] });
    await expectRefusal(fit(data.y), { ...OPTION, says: ['fit', 'options'] });
  });
});

describe('evaluate and predict refuse', () => {
  const runs = {
    evaluate: (options: unknown) => model.evaluate(data, unchecked(options)),
    predict: (options: unknown) => model.predict(data.x, unchecked(options)),
  };
  for (const [name, run] of Object.entries(runs)) {
    for (const batchSize of [0, -1, 1.5, '8']) {
      test(`${name}: batchSize ${show(batchSize)}`, () =>
        expectRefusal(() => run({ batchSize }), { ...OPTION, says: [name, 'batchSize', String(batchSize)] }));
    }

    test(`${name}: unknown options`, () =>
      expectRefusal(() => run({ batchsize: 8 }), {
        error: UnknownOptionError,
        code: 'UNKNOWN_OPTION',
        says: [name, "'batchsize'", "'batchSize'?"],
      }));
  }
});

test('explain refuses a batch of nothing and too many shards', async () => {
  await expectRefusal(() => model.explain({ batchSize: 0 }), { ...OPTION, says: ['explain', 'batchSize', '0'] });
  await expectRefusal(() => model.explain({ batchSize: 4, shards: 9 }), {
    ...OPTION,
    says: ['explain', 'shards', '9'],
  });
});

describe('data that does not fit the model', () => {
  const fit = (given: unknown) => () => model.fit(unchecked(given));
  const { x, y } = data;
  const SHAPE = { error: ValueError, code: 'SHAPE_MISMATCH' };
  const cases: Record<string, { given: unknown; code: string; says: readonly (string | RegExp)[] }> = {
    nothing: { given: undefined, code: 'DATA', says: ['{ x, y }'] },
    'images without labels': { given: x, code: 'DATA', says: ['{ x, y }'] },
    'missing labels': { given: { x }, code: 'DATA_FIELDS', says: ["'y'", 'got 0'] },
    'a plain array': { given: { x: [0, 0, 0, 0], y }, code: 'DATA_TYPE', says: ["'x'", 'Float32Array'] },
    'nested arrays': {
      given: {
        x: [
          [
            [[0], [0]],
            [[0], [0]],
          ],
        ],
        y,
      },
      code: 'DATA_TYPE',
      says: ["'x'", 'Float32Array'],
    },
    'too many arrays': { given: { x: [x, x], y }, code: 'DATA_FIELDS', says: ["'x'", 'takes 1 array', 'got 2'] },
    'part of an image': {
      given: { x: new Float32Array(41), y },
      code: 'SHAPE_MISMATCH',
      says: ["'x'", '41', '[examples, 2, 2, 1]'],
    },
    'fewer labels than images': { given: { x, y: y.subarray(1) }, code: 'DATA_ROWS', says: ['10 examples', '9'] },
    'no example': { given: { x: x.subarray(0, 0), y: y.subarray(0, 0) }, code: 'DATA_EMPTY', says: ['empty'] },
  };
  for (const [title, { given, code, says }] of Object.entries(cases)) {
    test(`${title} is refused`, () => expectRefusal(fit(given), { error: ValueError, code, says: [/^fit/, ...says] }));
  }

  test('an unknown field is refused', () =>
    expectRefusal(fit({ x, y, weights: y }), {
      error: UnknownOptionError,
      code: 'UNKNOWN_OPTION',
      says: [/^fit/, "'weights'", 'x, y'],
    }));

  test('a tensor of another shape is refused with both shapes', async () => {
    const flat = engine.tensor(x, [10, 4]);
    await expectRefusal(() => model.fit({ x: flat, y }), { ...SHAPE, says: ['[10, 4]', '[examples, 2, 2, 1]'] });
    await expectRefusal(() => model.predict(flat), { ...SHAPE, says: ['predict', '[10, 4]', '[examples, 2, 2, 1]'] });
  });

  test('predict wants the arrays themselves', async () => {
    const type = { error: ValueError, code: 'DATA_TYPE' };
    await expectRefusal(() => model.predict(unchecked(data)), { ...type, says: ['predict', "'x'", 'typed array'] });
    await expectRefusal(() => model.predict(unchecked([0, 0, 0, 0])), { ...type, says: ['predict', 'Float32Array'] });
    await expectRefusal(() => model.predict(unchecked(undefined)), {
      error: ValueError,
      code: 'DATA_FIELDS',
      says: ["'x'"],
    });
    await expectRefusal(() => model.predict(new Float32Array(0)), {
      error: ValueError,
      code: 'DATA_EMPTY',
      says: ['predict', 'empty'],
    });
  });
});

test('no refusal above started a thread', async () => {
  expect(await nextThreadNumber()).toBe(firstThread + 1);
});

describe('validation data that does not fit is refused before the first step', () => {
  const { x, y } = data;
  const cases: Record<string, { given: unknown; code: string }> = {
    'part of an image': { given: { x: x.subarray(1), y }, code: 'SHAPE_MISMATCH' },
    'an empty set': { given: { x: x.subarray(0, 0), y: y.subarray(0, 0) }, code: 'DATA_EMPTY' },
    'a label out of range': { given: { x, y: y.with(3, 9) }, code: 'DATA_VALUE' },
    'a NaN': { given: { x: x.with(5, Number.NaN), y }, code: 'DATA_VALUE' },
    'no data': { given: 3, code: 'DATA' },
  };
  for (const [title, { given, code }] of Object.entries(cases)) {
    test(title, async () => {
      const fresh = scores();
      const before = fresh.weights[0].dataSync();
      await expectRefusal(() => fresh.fit({ x: x.map(() => 1), y }, { validationData: unchecked(given) }), {
        error: ValueError,
        code,
        says: ['fit', 'validationData'],
      });
      expect(fresh.weights[0].dataSync()).toEqual(before);
    });
  }
});
