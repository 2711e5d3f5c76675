import { adam, schedules, sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
const recipes = {
  'Adam and dropout': () => ({ optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 }),
  'momentum and a schedule': () => ({
    optimizer: sgd({ learningRate: schedules.oneCycle({ maxLearningRate: 0.1, totalSteps: 15 }), momentum: 0.9 }),
  }),
};

for (const [name, recipe] of Object.entries(recipes)) {
  test(`two fits of 2 and 3 epochs are one fit of 5, bit for bit: ${name}`, async () => {
    await using one = await tinyEngine();
    await using two = await tinyEngine();
    const [whole, inParts] = [tinyModel(one, recipe()), tinyModel(two, recipe())];
    await whole.fit(images, { epochs: 5 });
    await inParts.fit(images, { epochs: 2 });
    await inParts.evaluate(images);
    await inParts.fit(images, { epochs: 3 });
    expect(bitsOf(inParts)).toEqual(bitsOf(whole));
    expect(inParts.training).toMatchObject({ steps: 15, epochs: 5 });
  });
}

test('compiling again keeps the weights and starts the optimizer and the counts anew', async () => {
  await using one = await tinyEngine();
  await using two = await tinyEngine();
  const compile = { optimizer: adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' };
  const model = tinyModel(one);
  await model.fit(images);
  const trained = bitsOf(model);
  model.compile(compile);
  expect(bitsOf(model)).toEqual(trained);
  expect(model.training).toMatchObject({ steps: 0, epochs: 0 });

  const fresh = tinyModel(two);
  fresh.compile(compile);
  fresh.weights.forEach((variable, i) => variable.assign(model.weights[i].dataSync()));
  await model.fit(images);
  await fresh.fit(images);
  expect(bitsOf(model)).toEqual(bitsOf(fresh));
});
