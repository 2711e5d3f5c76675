import type { Model } from '@convoy/engine';
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

/** Rows of the images, as data of their own. */
const rows = (from: number, to: number) => ({ x: images.x.slice(from * 64, to * 64), y: images.y.slice(from, to) });

async function* inBatchesOf16() {
  for (let row = 0; row < 96; row += 16) yield rows(row, Math.min(row + 16, 90));
}

describe('trainable, changed at a fence in mid-epoch,', () => {
  const options = { batchSize: 16, shuffle: false };
  const unpinned = { optimizer: adam({ learningRate: 0.01 }) };

  /** Frozen after step 2 and thawed after step 4 of 6; the last batch is short. */
  async function changedAtFences(workers: number | 'inline', data: Parameters<Model['fit']>[0]) {
    await using engine = await tinyEngine({ workers });
    const model = tinyModel(engine, unpinned);
    const [conv] = model.layers;
    const kernels: string[] = [];
    const history = await model.fit(data, {
      ...options,
      stepsPerFence: 1,
      callbacks: {
        onFence({ step }) {
          kernels.push(bitsOf(model)['conv2d/kernel:0']);
          conv.trainable = step < 2 || step >= 4;
        },
      },
    });
    return { kernels, history, bits: bitsOf(model) };
  }

  test('keeps the weights of the frozen steps to the bit', async () => {
    const { kernels } = await changedAtFences(2, rows(0, 90));
    expect(kernels).toHaveLength(6);
    expect([kernels[2], kernels[3]]).toEqual([kernels[1], kernels[1]]);
    expect(new Set(kernels).size).toBe(4);
  });

  test('is the same as three fits of the parts, bit for bit', async () => {
    await using engine = await tinyEngine();
    const model = tinyModel(engine, unpinned);
    for (const [from, to] of [
      [0, 32],
      [32, 64],
      [64, 90],
    ] as const) {
      model.layers[0].trainable = from !== 32;
      await model.fit(rows(from, to), options);
    }
    expect((await changedAtFences(2, rows(0, 90))).bits).toEqual(bitsOf(model));
  });

  test('gives the same bits and history from a stream and with any workers', async () => {
    const expected = await changedAtFences(2, rows(0, 90));
    for (const workers of [1, 3, 'inline'] as const) {
      expect(await changedAtFences(workers, rows(0, 90))).toEqual(expected);
    }
    expect(await changedAtFences(2, inBatchesOf16)).toEqual(expected);
  });

  test('is refused when nothing is left to train, after the steps that were done', async () => {
    await using engine = await tinyEngine();
    const model = tinyModel(engine, unpinned);
    const fit = model.fit(images, {
      ...options,
      stepsPerFence: 2,
      callbacks: { onFence: () => model.layers.forEach((layer) => void (layer.trainable = false)) },
    });
    await expect(fit).rejects.toMatchObject({ code: 'NOTHING_TO_TRAIN' });
    model.layers[0].trainable = true;
    expect((await model.fit(images, options)).epoch).toEqual([0]);
  });
});
