import type { FitOptions } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(64);

test('another seed gives other initial kernels, the same seed the same', async () => {
  const initial = async (seed: number) => {
    await using engine = await tinyEngine({ seed, workers: 'inline' });
    return bitsOf(tinyModel(engine));
  };
  const [one, again, two] = [await initial(1), await initial(1), await initial(2)];
  expect(again).toEqual(one);
  for (const name of ['conv2d/kernel:0', 'dense/kernel:0']) expect(two[name], name).not.toBe(one[name]);
});

describe('from equal weights, another seed trains to other weights', () => {
  /** Weights after one epoch that starts from the weights of seed 0. */
  async function train(seed: number, dropoutRate: number, fit: FitOptions) {
    await using origin = await tinyEngine({ seed: 0, workers: 'inline' });
    await using engine = await tinyEngine({ seed, workers: 'inline' });
    const [from, model] = [tinyModel(origin, { dropoutRate }), tinyModel(engine, { dropoutRate })];
    model.weights.forEach((variable, i) => variable.assign(from.weights[i].dataSync()));
    await model.fit(images, fit);
    return bitsOf(model);
  }

  test('by its dropout masks', async () => {
    const inOrder = { shuffle: false, batchSize: 64 };
    expect(await train(1, 0, inOrder)).toEqual(await train(2, 0, inOrder));
    expect(await train(1, 0.5, inOrder)).not.toEqual(await train(2, 0.5, inOrder));
  });

  test('by its shuffling', async () => {
    const shuffled = { batchSize: 16 };
    expect(await train(1, 0, shuffled)).toEqual(await train(1, 0, shuffled));
    expect(await train(1, 0, shuffled)).not.toEqual(await train(2, 0, shuffled));
  });
});

test('dropout masks differ from step to step', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = tinyModel(engine, { dropoutRate: 0.5 });
  model.learningRate = 0;
  const losses: number[] = [];
  for await (const event of model.fit(images, { epochs: 8, batchSize: 64, shuffle: false })) {
    if (event.type === 'step') losses.push(event.logs['loss']);
  }
  expect(new Set(losses).size).toBe(8);
});
