import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { createEngine, mul, reduceSum, regularizers, square, type SymbolicTensor } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { convolve, outputSize, weightGradients, type ConvolutionSizes } from './direct-convolution.js';
import { freshEngine } from './engine-for-tests.js';
import { dot, expectClose, squares, wave } from './numbers.js';
import { trainOneStep } from './one-step.js';

/** 13 examples: four shards of 4, 4, 4 and 1. */
const N = 13;
const sizes: ConvolutionSizes = { input: [N, 4, 5, 2], kernel: [2, 3, 3] };
const x = wave(N * 4 * 5 * 2, 1);
const targets = wave(outputSize(sizes), 2);
const start = { kernel: wave(2 * 3 * 2 * 3, 3), bias: wave(3, 4) };
const RATE = 0.1;

/** Loss = mean (y − t)² + 0.1·Σk² + 0.05·Σ|b| + 0.01·Σy² + 0.02·Σy */
function byHand() {
  const { kernel, bias } = start;
  const y = convolve(sizes, x, kernel, bias);
  const errors = y.map((value, i) => value - targets[i]);
  const loss =
    squares(errors) / y.length +
    0.1 * squares(kernel) +
    0.05 * bias.reduce((sum, b) => sum + Math.abs(b), 0) +
    0.01 * squares(y) +
    0.02 * y.reduce((sum, value) => sum + value, 0);
  const dy = y.map((value, i) => (2 * errors[i]) / y.length + 0.02 * value + 0.02);
  const gradients = weightGradients(sizes, x, dy);
  return {
    loss,
    kernel: Float64Array.from(kernel, (k, i) => k - RATE * (gradients.kernel[i] + 0.2 * k)),
    bias: Float64Array.from(bias, (b, i) => b - RATE * (gradients.bias[i] + 0.05 * Math.sign(b))),
  };
}

async function trained(workers: number | 'inline', shards: number) {
  const engine = await createEngine({ backend: wasm(), workers, seed: 1 });
  try {
    const layer = conv2d({
      filters: 3,
      kernelSize: [2, 3],
      inputShape: [4, 5, 2],
      kernelRegularizer: regularizers.l2({ l2: 0.1 }),
      biasRegularizer: regularizers.l1({ l1: 0.05 }),
      activityRegularizer: (y) => mul(reduceSum(square(y)), 0.01),
    });
    const model = engine.sequential([layer]);
    layer.addLoss(mul(reduceSum(layer.output as SymbolicTensor), 0.02), [layer.input]);
    layer.setWeights([start.kernel, start.bias]);
    const loss = await trainOneStep(model, { x, y: targets, batchSize: N, shards });
    return { loss, weights: layer.getWeights() };
  } finally {
    await engine.dispose();
  }
}

describe('Losses and updates', () => {
  test('each kind of loss counts as it should with 1 and 4 shards, 1 and 3 workers: loss and weights as by hand', async () => {
    const expected = byHand();
    for (const shards of [1, 4]) {
      const runs = [await trained('inline', shards), await trained(1, shards), await trained(3, shards)];
      for (const { loss, weights } of runs) {
        expectClose([loss], [expected.loss]);
        expectClose(weights[0], expected.kernel);
        expectClose(weights[1], expected.bias);
        expect(weights).toEqual(runs[0].weights);
        expect(loss).toBe(runs[0].loss);
      }
    }
  });

  test('a weight regularizer counts once, however many examples, shards and steps', async () => {
    const engine = await freshEngine();
    const layer = conv2d({
      filters: 1,
      kernelSize: 1,
      useBias: false,
      inputShape: [1, 1, 1],
      kernelInitializer: 'ones',
      kernelRegularizer: regularizers.l2({ l2: 0.5 }),
    });
    const model = engine.sequential([layer]);
    // Inputs and targets are zero: only the penalty has a gradient, 2 · 0.5 · k.
    const data = { x: new Float32Array(10), y: new Float32Array(10) };
    const loss = await trainOneStep(model, { ...data, batchSize: 10, shards: 5 });
    expectClose([loss], [0.5]);
    expectClose(layer.getWeights()[0], [0.9]);
    const { history } = await model.fit(data, { batchSize: 4, shards: 2 });
    // steps of 4, 4 and 2 examples: the epoch's loss is the mean over examples
    const [k0, k1, k2] = [0.9, 0.81, 0.729];
    expectClose(history['loss'], [(0.5 * (4 * k0 ** 2 + 4 * k1 ** 2 + 2 * k2 ** 2)) / 10]);
    expectClose(layer.getWeights()[0], [0.6561]);
  });

  test('an activity loss is a sum over the batch, so that it grows with it', async () => {
    const engine = await freshEngine();
    const layer = conv2d({
      filters: 1,
      kernelSize: 1,
      inputShape: [1, 1, 1],
      kernelInitializer: 'ones',
      activityRegularizer: 'l2',
    });
    const model = engine.sequential([layer]);
    for (const examples of [3, 6]) {
      layer.setWeights([[1], [0]]);
      const values = new Float32Array(examples).fill(2);
      const loss = await trainOneStep(model, { x: values, y: values, batchSize: examples, shards: 3 });
      expectClose([loss], [0.01 * 4 * examples]);
      // dL/dk = 0.02 · Σ y·x
      expectClose(layer.getWeights()[0], [1 - 0.1 * 0.02 * 4 * examples]);
    }
  });

  test('evaluate counts the same losses', async () => {
    const engine = await freshEngine();
    const layer = conv2d({
      filters: 1,
      kernelSize: 1,
      inputShape: [1, 1, 1],
      kernelInitializer: 'ones',
      kernelRegularizer: regularizers.l1({ l1: 3 }),
      activityRegularizer: (y) => reduceSum(y),
    });
    const model = engine.sequential([layer]);
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    const values = Float32Array.of(1, 2, 3);
    expectClose([(await model.evaluate({ x: values, y: new Float32Array(3) }))['loss']], [14 / 3 + 3 + 6]);
  });

  test('losses of a layer that is in the model twice count once for the weights and twice for the outputs', async () => {
    const engine = await freshEngine();
    const layer = conv2d({
      filters: 1,
      kernelSize: 1,
      useBias: false,
      kernelInitializer: 'ones',
      kernelRegularizer: regularizers.l1({ l1: 3 }),
      activityRegularizer: (y) => reduceSum(y),
    });
    const input = engine.input({ shape: [1, 1, 1] });
    const model = engine.model({ inputs: input, outputs: layer.apply(layer.apply(input)) });
    // A call outside the model adds an activity loss to the layer, and none to the model.
    layer.apply(engine.input({ shape: [1, 1, 1] }));
    expect(layer.losses).toHaveLength(4);
    const values = Float32Array.of(5, 7);
    const loss = await trainOneStep(model, { x: values, y: values, batchSize: 2 });
    expectClose([loss], [3 + 12 + 12]);
    expect(dot(layer.getWeights()[0], [1])).toBeLessThan(1);
  });
});
