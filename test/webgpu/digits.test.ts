import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine, type Backend, type Engine, type Layer, type Model } from '@convoy/engine';
import { loadDataSet } from '@convoy/examples/digits';
import { dense, flatten, maxPooling2d } from '@convoy/layers';
import { adam, schedules } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';

const STEPS = 50;
const BATCH = 64;

const EPOCHS = 3;

/** Its losses on two backends stay together for long: no maximum of a pooling is a near tie early on. */
const steady = (): Layer[] => [
  conv2d({ filters: 8, kernelSize: 5, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
  conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
  maxPooling2d({ poolSize: 2 }),
  flatten(),
  dense({ units: 10 }),
];

/** Pools before the second convolution, which then has a sixth of the positions: drivers in software are slow. */
const quick = (): Layer[] => [
  conv2d({ filters: 16, kernelSize: 5, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
  maxPooling2d({ poolSize: 2 }),
  conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
  flatten(),
  dense({ units: 10 }),
];

function network(engine: Engine, layers: readonly Layer[]): Model {
  const model = engine.sequential(layers);
  model.compile({
    optimizer: adam({ learningRate: schedules.oneCycle({ maxLearningRate: 0.02, totalSteps: EPOCHS * 125 }) }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

const { train, test: held } = await loadDataSet(undefined);
const scaled = ({ images, labels }: typeof train) => ({
  x: Float32Array.from(images, (byte) => byte / 255),
  y: labels,
});

describeOn(await gpuBackend('llvmpipe'), 'the digits on the webgpu backend', (backend: Backend) => {
  test('have the losses of the js backend within 1e-3 over the first 50 steps', async () => {
    const data = scaled(train);
    const first = { x: data.x.subarray(0, STEPS * BATCH * 784), y: data.y.subarray(0, STEPS * BATCH) };
    const curves: number[][] = [];
    for (const each of [backend, js()]) {
      await using engine = await createEngine({ backend: each, seed: 3 });
      const losses: number[] = [];
      for await (const event of network(engine, steady()).fit(first, { batchSize: BATCH })) {
        if (event.type === 'step') losses.push(event.logs['loss']);
      }
      curves.push(losses);
    }
    const [actual, expected] = curves;
    expect(actual).toHaveLength(STEPS);
    actual.forEach((loss, i) => expect(Math.abs(loss - expected[i]), `step ${i}`).toBeLessThanOrEqual(1e-3));
  }, 300_000);

  test('are learned to 97 %', async () => {
    await using engine = await createEngine({ backend, seed: 3 });
    const model = network(engine, quick());
    await model.fit(scaled(train), { epochs: EPOCHS, batchSize: BATCH });
    expect((await model.evaluate(scaled(held)))['accuracy']).toBeGreaterThanOrEqual(0.97);
  }, 300_000);
});
