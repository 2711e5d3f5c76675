import { RuntimeError, type Model } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(1600);
const first = { epochs: 2, batchSize: 16 };
const second = { epochs: 1, batchSize: 32 };

/** Weights after one fit and then another; `both` starts them. */
async function train(both: (model: Model) => Promise<unknown>) {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  await both(model);
  return bitsOf(model);
}

test('a second fit of a model, with another batch size, waits for the first and changes none of its bits', async () => {
  const inTurn = await train(async (model) => {
    await model.fit(images, first);
    await model.fit(images, second);
  });
  const overlapping = await train(async (model) => {
    const runs: PromiseLike<unknown>[] = [];
    for await (const event of model.fit(images, first)) {
      if (event.type !== 'step' || runs.length > 0) continue;
      runs.push(model.fit(images, second));
      for (const batchSize of [3, 5, 7, 9]) await model.predict(images.x.subarray(0, 6400), { batchSize });
    }
    await Promise.all(runs);
  });
  expect(overlapping).toEqual(inTurn);
});

test('predictions and evaluations with different batch sizes, all at once, give what each gives alone', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const sizes = [3, 16, 75, 5, 256, 9];
  const some = { x: images.x.subarray(0, 6400), y: images.y.subarray(0, 100) };
  const alone = [];
  for (const batchSize of sizes)
    alone.push([await model.predict(some.x, { batchSize }), await model.evaluate(some, { batchSize })]);
  const together = await Promise.all(
    sizes.map((batchSize) => Promise.all([model.predict(some.x, { batchSize }), model.evaluate(some, { batchSize })])),
  );
  expect(together).toEqual(alone);
});

/** The images again and again: an epoch without end, so that nothing happens between two. */
async function* endless() {
  for (;;) yield { x: images.x.subarray(0, 32 * 64), y: images.y.subarray(0, 32) };
}

/** What `attempt` sees while a fit without end is under way, after its first step. */
async function whileTraining(attempt: (model: Model) => unknown) {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  for await (const event of model.fit(endless)) {
    if (event.type !== 'step') continue;
    await attempt(model);
    break;
  }
  return model;
}

test('compile is refused while the model trains', async () => {
  const trained = await whileTraining((model) => {
    expect(() => model.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy' })).toThrow(RuntimeError);
  });
  expect(trained.training.compiled.optimizer.name).toBe('sgd');
  expect(trained.training.steps).toBeGreaterThan(0);
});

test('while the model trains, weights are read between two steps and not assigned', async () => {
  await whileTraining(async (model) => {
    const [kernel] = model.weights;
    expect(() => kernel.dataSync()).toThrow(/a run is training now/);
    expect(() => kernel.assign(new Float32Array(kernel.size))).toThrow(/a run is training now/);
    expect(() => (model.learningRate = 1)).toThrow(/a run is training now/);
    expect((await kernel.data()).some((value) => value !== 0)).toBe(true);
  });
});
