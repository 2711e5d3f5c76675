import type { Model } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);

/** Weights after three epochs; `meanwhile` runs once the first step is done. */
async function train(workers: number | 'inline', meanwhile: (model: Model) => Promise<unknown>) {
  await using engine = await tinyEngine({ workers });
  const model = tinyModel(engine, { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 });
  let other: Promise<unknown> | null = null;
  for await (const event of model.fit(images, { epochs: 3 })) {
    if (event.type === 'step') other ??= meanwhile(model);
  }
  await other;
  return bitsOf(model);
}

const nothing = async () => undefined;

test('predict in the middle of fit changes no bit of the weights', async () => {
  for (const workers of [1, 3, 'inline'] as const) {
    const often = async (model: Model) => {
      for (const batchSize of [75, 16, 7]) await model.predict(images.x, { batchSize });
    };
    expect(await train(workers, often), `${workers} workers`).toEqual(await train(workers, nothing));
  }
});

test('evaluate in the middle of fit changes no bit of the weights', async () => {
  for (const workers of [1, 3, 'inline'] as const) {
    const often = async (model: Model) => {
      for (const batchSize of [75, 16]) await model.evaluate(images, { batchSize });
    };
    expect(await train(workers, often), `${workers} workers`).toEqual(await train(workers, nothing));
  }
});

test('reading weights in the middle of fit changes no bit of the weights', async () => {
  const read = (model: Model) => Promise.all(model.weights.map((variable) => variable.data()));
  expect(await train(2, read)).toEqual(await train(2, nothing));
});

test('fences, validation and evaluation in callbacks change no bit of the weights', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine, { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 });
  let fences = 0;
  await model.fit(images, {
    epochs: 3,
    stepsPerFence: 1,
    validationData: makeImages(20),
    callbacks: {
      async onFence() {
        fences++;
        await model.evaluate(images);
        await model.predict(images.x);
      },
    },
  });
  expect(fences).toBe(9);
  expect(bitsOf(model)).toEqual(await train(2, nothing));
});
