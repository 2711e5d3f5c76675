import { UnknownOptionError, ValueError, type ArrayData, type Engine, type Model } from '@convoy/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked, type Refusal } from '../fixtures/refusal.js';
import { bitsOf, makeImages, PIXELS, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
const PIXEL = 10 * PIXELS + 5;

const withLabel = (label: number) => ({
  x: images.x,
  y: Float32Array.from(images.y, (y, i) => (i === 70 ? label : y)),
});
const withPixel = (value: number) => ({ x: images.x.map((pixel, i) => (i === PIXEL ? value : pixel)), y: images.y });

interface Fault extends Refusal {
  readonly data: ArrayData;
}

const faults: Record<string, Fault> = {
  'a label above the classes': {
    data: withLabel(4),
    code: 'DATA_VALUE',
    says: ["'y', example 70", 'label 4', '0 … 3'],
  },
  'a label below 0': { data: withLabel(-1), code: 'DATA_VALUE', says: ["'y', example 70", 'label -1'] },
  'a label between two classes': { data: withLabel(1.5), code: 'DATA_VALUE', says: ["'y', example 70", 'label 1.5'] },
  'a label that is no number': {
    data: withLabel(Number.NaN),
    code: 'DATA_VALUE',
    says: ["'y', example 70", 'label NaN'],
  },
  'an input that is NaN': {
    data: withPixel(Number.NaN),
    code: 'DATA_VALUE',
    says: ["'x', example 10, element 5", 'NaN'],
  },
  'an infinite input': {
    data: withPixel(-Infinity),
    code: 'DATA_VALUE',
    says: ["'x', example 10, element 5", '-Infinity'],
  },
  'a double beyond single precision': {
    data: { x: Float64Array.from(images.x, (pixel, i) => (i === PIXEL ? 1e300 : pixel)), y: images.y },
    code: 'DATA_VALUE',
    says: ["'x', example 10, element 5", '1e+300'],
  },
  'no examples at all': {
    data: { x: new Float32Array(0), y: new Uint8Array(0) },
    code: 'DATA_EMPTY',
    says: ['empty', 'at least one'],
  },
  'fewer labels than images': {
    data: { x: images.x, y: images.y.subarray(1) },
    code: 'DATA_ROWS',
    says: ["'x' has 75 examples", "'y' has 74"],
  },
  'images that do not end with an example': {
    data: { x: images.x.subarray(1), y: images.y },
    code: 'SHAPE_MISMATCH',
    says: ["'x' has 4799 values", '64', '[examples, 8, 8, 1]'],
  },
  'no labels': { data: { x: images.x }, code: 'DATA_FIELDS', says: ["takes 1 array as 'y', got 0"] },
  'two inputs for one': {
    data: { x: [images.x, images.x], y: images.y },
    code: 'DATA_FIELDS',
    says: ["takes 1 array as 'x', got 2"],
  },
  'no object': { data: unchecked('images'), code: 'DATA', says: ['{ x, y }', 'a function that starts a stream'] },
  'numbers too wide for a number': {
    data: unchecked({ x: images.x, y: BigInt64Array.from(images.y, BigInt) }),
    says: ["'y'", /BigInt64Array/],
  },
};

let engine: Engine;
let model: Model;
beforeAll(async () => {
  engine = await tinyEngine({ workers: 1 });
  model = tinyModel(engine);
});
afterAll(() => engine.dispose());

/** The call is refused, no step is done and no bit of the weights has changed. */
async function expectNothingDone(call: () => unknown, refusal: Refusal): Promise<void> {
  const [bits, steps] = [bitsOf(model), model.training.steps];
  await expectRefusal(call, refusal);
  expect(model.training.steps).toBe(steps);
  expect(bitsOf(model)).toEqual(bits);
}

for (const [name, { data, ...refusal }] of Object.entries(faults)) {
  describe(name, () => {
    const says = (where: string) => ({ ...refusal, says: [where, ...refusal.says] });

    test('is found by fit before the first step', () => expectNothingDone(() => model.fit(data), says('fit')));

    test('is found by evaluate', () => expectNothingDone(() => model.evaluate(data), says('evaluate')));

    test('is found in validationData before the first step', () =>
      expectNothingDone(() => model.fit(images, { validationData: data }), says('')));
  });
}

test('a tensor of another shape is refused, with both shapes', () =>
  expectNothingDone(() => model.fit({ x: engine.tensor(images.x, [75, 64]), y: images.y }), {
    code: 'SHAPE_MISMATCH',
    says: ['[75, 64]', '[examples, 8, 8, 1]'],
  }));

describe('predict refuses', () => {
  test('a value that is not finite', () =>
    expectNothingDone(() => model.predict(withPixel(Number.NaN).x), { says: ["predict: 'x', example 10, element 5"] }));

  test('an empty set', () =>
    expectNothingDone(() => model.predict(new Float32Array(0)), { code: 'DATA_EMPTY', says: [] }));

  test('a broken row', () =>
    expectNothingDone(() => model.predict(new Float32Array(65)), { says: ["predict: 'x' has 65 values"] }));

  test('an object in place of an array', () =>
    expectNothingDone(() => model.predict(unchecked(images)), { says: ['must be a tensor or a typed array'] }));
});

describe('fit refuses an option that cannot be', () => {
  for (const name of ['epochs', 'batchSize', 'stepsPerFence'] as const) {
    for (const value of [0, -1, 1.5, Number.NaN]) {
      test(`${name}: ${value}`, () =>
        expectNothingDone(() => model.fit(images, { [name]: value }), {
          says: [`fit: ${name} must be a positive integer`],
        }));
    }
  }

  test('more shards than examples', () =>
    expectNothingDone(() => model.fit(images, { shards: 33 }), { says: ['1 … batchSize (32)', '33'] }));

  test('an option that does not exist', () =>
    expectNothingDone(() => model.fit(images, unchecked({ epoch: 3 })), {
      error: UnknownOptionError,
      says: ["unknown option 'epoch'", "Did you mean 'epochs'"],
    }));

  test('a callback that does not exist', () =>
    expectNothingDone(() => model.fit(images, { callbacks: unchecked({ onEpochFinish() {} }) }), {
      error: UnknownOptionError,
      says: ["unknown option 'onEpochFinish'"],
    }));

  test('onFence without stepsPerFence', () =>
    expectNothingDone(() => model.fit(images, { callbacks: { onFence() {} } }), {
      error: ValueError,
      says: ['onFence needs stepsPerFence'],
    }));
});
