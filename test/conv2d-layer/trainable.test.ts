import { conv2d } from '@convoy/conv2d';
import { ValueError, type Engine, type Model } from '@convoy/engine';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectRejection } from './expect-error.js';
import { wave } from './numbers.js';

const data = { x: wave(6 * 25), y: wave(6 * 9) };
const options = { batchSize: 3, shuffle: false };

function twoLayers(engine: Engine, second: object = {}) {
  const layers = [
    conv2d({ filters: 2, kernelSize: 2, inputShape: [5, 5, 1], activation: 'tanh' }),
    conv2d({ filters: 1, kernelSize: 2, ...second }),
  ] as const;
  const model = engine.sequential(layers);
  model.compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'meanSquaredError' });
  return { layers, model };
}

const fit = (model: Model) => model.fit(data, options);

describe('Variables', () => {
  test('trainable may change between runs: a frozen layer keeps its weights to the bit, and is trained again after', async () => {
    const { layers, model } = twoLayers(await freshEngine());
    await fit(model);
    for (const [frozen, open] of [
      [layers[0], layers[1]],
      [layers[1], layers[0]],
    ]) {
      frozen.trainable = false;
      const before = [frozen.getWeights(), open.getWeights()];
      await fit(model);
      expect(frozen.getWeights()).toEqual(before[0]);
      expect(open.getWeights()).not.toEqual(before[1]);
      frozen.trainable = true;
      await fit(model);
      expect(frozen.getWeights()).not.toEqual(before[0]);
    }
  });

  test('a frozen layer passes the gradient to its input', async () => {
    const firstWeights = [];
    for (const trainable of [true, false]) {
      const { layers, model } = twoLayers(await freshEngine(), { trainable });
      model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' });
      const before = layers[0].getWeights();
      await model.fit(data, { batchSize: 6 });
      expect(layers[0].getWeights()).not.toEqual(before);
      firstWeights.push(layers[0].getWeights());
    }
    expect(firstWeights[1]).toEqual(firstWeights[0]);
  });

  test('trainable may change at an epoch, and acts from the next on', async () => {
    // 2 and 3 steps an epoch
    for (const batchSize of [3, 2]) {
      const { layers, model } = twoLayers(await freshEngine());
      const [first] = layers;
      const seen: Float32Array[] = [];
      await model.fit(data, {
        ...options,
        batchSize,
        epochs: 4,
        callbacks: {
          onEpochEnd(epoch) {
            seen.push(first.getWeights()[0]);
            first.trainable = epoch >= 2;
          },
        },
      });
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
      expect(seen[3]).not.toEqual(seen[0]);
    }
  });

  test('a frozen layer with a regularizer and a constraint keeps its weights; its loss still counts', async () => {
    const { layers, model } = twoLayers(await freshEngine(), {
      kernelRegularizer: 'l2',
      kernelConstraint: 'nonNeg',
      kernelInitializer: () => Float32Array.from({ length: 8 }, () => -3),
      trainable: false,
    });
    await fit(model);
    expect(layers[1].getWeights()[0]).toEqual(new Float32Array(8).fill(-3));
    expect(layers[1].losses).toHaveLength(1);
    const { loss } = await model.evaluate(data);
    layers[1].setWeights([new Float32Array(8), [0]]);
    // With a kernel of zeros all that is left is the mean of the squared targets.
    const plain = data.y.reduce((sum, v) => sum + v * v, 0) / data.y.length;
    expect((await model.evaluate(data))['loss']).toBeCloseTo(plain, 5);
    expect(loss).toBeGreaterThan(0.01 * 72);
  });

  test('a run in which nothing is trainable is refused', async () => {
    const { layers, model } = twoLayers(await freshEngine());
    for (const layer of layers) layer.trainable = false;
    await expectRejection(
      () => fit(model),
      ValueError,
      'fit: the model has no trainable weights; set `trainable` on a layer',
    );
  });
});
