import { dense } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { bitsOf, digest, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(96);

test('a frozen layer keeps its weights to the bit and passes gradients through', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const first = dense({ units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [1] });
  const frozen = dense({ units: 1, useBias: false, kernelInitializer: 'ones', trainable: false });
  const model = engine.sequential([first, frozen]);
  frozen.kernel?.assign([3]);
  model.compile({ optimizer: sgd({ learningRate: 0.01 }), loss: 'meanSquaredError' });
  await model.fit({ x: Float32Array.of(1), y: Float32Array.of(0) });
  // loss = (a · b · x)², d loss/da = 2 · (a · b · x) · b · x = 2 · 3 · 3
  expect(first.kernel?.dataSync()[0]).toBeCloseTo(1 - 0.01 * 18, 6);
  expect(frozen.kernel?.dataSync()).toEqual(Float32Array.of(3));
});

test('a model without trainable weights is refused with the remedy', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const model = tinyModel(engine);
  for (const layer of model.layers) layer.trainable = false;
  await expect(model.fit(images)).rejects.toMatchObject({
    code: 'NOTHING_TO_TRAIN',
    message: expect.stringContaining('set `trainable` on a layer') as string,
  });
});

describe('trainable, changed between two epochs,', () => {
  for (const steps of [2, 3]) {
    for (const workers of [2, 'inline'] as const) {
      test(`freezes the layer as it is and thaws it again: ${steps} steps an epoch, workers ${workers}`, async () => {
        await using engine = await tinyEngine({ workers });
        const model = tinyModel(engine, { optimizer: adam({ learningRate: 0.01 }) });
        const [conv] = model.layers;
        const kernels: string[] = [];
        const others: string[] = [];
        await model.fit(images, {
          epochs: 4,
          batchSize: 96 / steps,
          callbacks: {
            onEpochEnd(epoch) {
              kernels.push(digest(model.weights[0].dataSync()));
              others.push(digest(model.weights[2].dataSync()));
              conv.trainable = epoch >= 2;
            },
          },
        });
        const [first, second, third, fourth] = kernels;
        expect([second, third]).toEqual([first, first]);
        expect(fourth).not.toBe(first);
        expect(new Set(others).size).toBe(4);
      });
    }
  }
});

test('trainable, changed between two fits, holds for the second', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  await model.fit(images);
  const before = bitsOf(model);
  model.layers[0].trainable = false;
  await model.fit(images);
  const after = bitsOf(model);
  expect(after['conv2d/kernel:0']).toBe(before['conv2d/kernel:0']);
  expect(after['conv2d/bias:0']).toBe(before['conv2d/bias:0']);
  expect(after['dense/kernel:0']).not.toBe(before['dense/kernel:0']);
});
