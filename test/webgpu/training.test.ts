import { js } from '@convoy/backend-js';
import {
  exp,
  sparseSoftmaxCrossEntropy,
  sparseSoftmaxCrossEntropyGradient,
  type Backend,
  type Engine,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam, schedules, sgd } from '@convoy/optimizers';
import { depthToSpace } from '../../examples/dist/custom-op/depth-to-space.js';
import { describe, expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { bitsOf, makeImages, tinyEngine, tinyModel, type TinyOptions } from '../fixtures/tiny.js';

const images = makeImages(75);

/** Losses of all steps. */
async function curve(engine: Engine, options: TinyOptions, epochs: number): Promise<number[]> {
  const losses: number[] = [];
  for await (const event of tinyModel(engine, options).fit(images, { epochs })) {
    if (event.type === 'step') losses.push(event.logs['loss']);
  }
  return losses;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(tolerance);
}

describeOn(await gpuBackend('llvmpipe'), 'on the webgpu backend', (backend: Backend) => {
  test('a label that is no class has a loss of NaN, and takes nothing off the gradient', async () => {
    const loss = sparseSoftmaxCrossEntropy;
    const gradient = sparseSoftmaxCrossEntropyGradient;
    const found = await Promise.all(
      [backend, js()].map(async (each) => {
        await using engine = await tinyEngine({ backend: each });
        const logits = engine.tensor(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [4, 2]);
        const labels = [Int32Array.of(1, 2, -1, 0), Float32Array.of(0, 1.5, Number.NaN, -0.5)].map((l) =>
          engine.tensor(l),
        );
        const ones = engine.tensor(Float32Array.of(1, 1, 1, 1));
        const results = labels.flatMap((some) => [loss(logits, some), gradient(ones, logits, some)]);
        return results.map((result) => Array.from(result.dataSync(), (value) => Number(value.toFixed(5))));
      }),
    );
    expect(found[0]).toEqual(found[1]);
    expect(found[0][0].slice(1, 3)).toEqual([Number.NaN, Number.NaN]);
  });

  const gpuEngine = (): Promise<Engine> => tinyEngine({ backend });

  describe('the loss of every step is that of the js backend within 1e-3', () => {
    const recipes: Record<string, TinyOptions> = {
      'gradient descent': {},
      'Adam and dropout': { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 },
      'momentum and a schedule': {
        optimizer: sgd({
          learningRate: schedules.linearDecay({ initialLearningRate: 0.1, decaySteps: 10 }),
          momentum: 0.9,
        }),
      },
    };
    test.each(Object.entries(recipes))('%s', async (_, recipe) => {
      await using engine = await gpuEngine();
      await using reference = await tinyEngine({ backend: js() });
      // 75 examples: the last batch of an epoch is short.
      expectClose(await curve(engine, recipe, 4), await curve(reference, recipe, 4), 1e-3);
    });
  });

  test('the same seed gives the same bits, run after run', async () => {
    const bits = [];
    for (let i = 0; i < 2; i++) {
      await using engine = await gpuEngine();
      const model = tinyModel(engine, { dropoutRate: 0.3 });
      await model.fit(images, { epochs: 3 });
      bits.push(bitsOf(model));
    }
    expect(bits[0]).toEqual(bits[1]);
  });

  test('fences do not change the bits, and at each the weights are those of its step', async () => {
    await using engine = await gpuEngine();
    const model = tinyModel(engine);
    const fences: Record<string, string>[] = [];
    const onFence = (): void => void fences.push(bitsOf(model));
    await model.fit(images, { epochs: 2, stepsPerFence: 1, callbacks: { onFence } });
    await using another = await gpuEngine();
    const whole = tinyModel(another);
    await whole.fit(images, { epochs: 2 });
    expect(bitsOf(model)).toEqual(bitsOf(whole));
    expect(new Set(fences.map((each) => JSON.stringify(each))).size).toBe(6);
  });

  test('evaluate and predict agree with the js backend on the same weights', async () => {
    await using engine = await gpuEngine();
    const model = tinyModel(engine);
    await model.fit(images);
    await using other = await tinyEngine({ backend: js() });
    const same = tinyModel(other);
    same.weights.forEach((variable, i) => variable.assign(model.weights[i].dataSync()));
    const [actual, expected] = [await model.evaluate(images), await same.evaluate(images)];
    expectClose(Object.values(actual), Object.values(expected), 1e-5);
    expectClose((await model.predict(images.x)).dataSync(), (await same.predict(images.x)).dataSync(), 1e-5);
  });

  test('assigned weights are those that the next call computes with', async () => {
    await using engine = await gpuEngine();
    const model = tinyModel(engine);
    await model.fit(images);
    for (const variable of model.weights) variable.assign(new Float32Array(variable.size));
    const { loss } = await model.evaluate(images);
    expect(loss).toBeCloseTo(Math.log(4), 6);
  });

  test('predict answers while fit runs, and fit goes on to the bits that it would have had', async () => {
    await using engine = await gpuEngine();
    const model = tinyModel(engine);
    const fitting = model.fit(images, { epochs: 20 });
    const answers = [await model.predict(images.x), await model.predict(images.x)];
    for (const answer of answers) expect(answer.dataSync().every(Number.isFinite)).toBe(true);
    await fitting;
    await using another = await gpuEngine();
    const undisturbed = tinyModel(another);
    await undisturbed.fit(images, { epochs: 20 });
    expect(bitsOf(model)).toEqual(bitsOf(undisturbed));
  });

  test('a step that is not finite is not done, though the device had begun the next ones', async () => {
    await using engine = await gpuEngine();
    const model = tinyModel(engine, { optimizer: sgd({ learningRate: 1e30 }) });
    await expect(model.fit(images)).rejects.toMatchObject({ code: 'NON_FINITE' });
    expect(model.training.steps).toBe(1);
    await using another = await gpuEngine();
    const fenced = tinyModel(another, { optimizer: sgd({ learningRate: 1e30 }) });
    const first: Record<string, string>[] = [];
    const onFence = (): void => void first.push(bitsOf(fenced));
    await expect(fenced.fit(images, { stepsPerFence: 1, callbacks: { onFence } })).rejects.toThrow('not finite');
    expect(first).toEqual([bitsOf(model)]);
  });

  test('an abort rejects with its reason and keeps the last whole step', async () => {
    await using engine = await gpuEngine();
    const model = tinyModel(engine);
    const controller = new AbortController();
    const reason = new Error('enough');
    const loop = async (): Promise<void> => {
      for await (const event of model.fit(images, { epochs: 100_000, signal: controller.signal })) {
        if (event.type === 'step') controller.abort(reason);
      }
    };
    await expect(loop()).rejects.toBe(reason);
    const { steps } = model.training;
    expect(steps).toBeGreaterThan(0);
    await using another = await gpuEngine();
    const again = tinyModel(another);
    const bits: Record<string, string>[] = [];
    const onFence = (): void => void bits.push(bitsOf(again));
    await again.fit(images, { epochs: Math.ceil(steps / 3), stepsPerFence: 1, callbacks: { onFence } });
    expect(bitsOf(model)).toEqual(bits[steps - 1]);
  });

  test('calls on concrete tensors answer at once', async () => {
    await using engine = await gpuEngine();
    const x = engine.tensor([0, 1, -2]);
    expectClose(exp(x).dataSync(), [1, Math.E, Math.exp(-2)], 1e-5);
    const layer = dense({ units: 2, kernelInitializer: 'ones', biasInitializer: 'ones' });
    expect([...layer.apply(engine.tensor([1, 2, 3, 4], [2, 2])).dataSync()]).toEqual([4, 4, 8, 8]);
  });

  test('an op that has kernels for the CPU alone is refused by name, before anything runs', async () => {
    await using engine = await gpuEngine();
    const x = engine.input({ shape: [4, 4, 4] });
    const model = engine.model({ inputs: x, outputs: depthToSpace(x, { block: 2 }) });
    await expect(model.predict(new Float32Array(64))).rejects.toMatchObject({
      code: 'NO_KERNEL',
      message: expect.stringMatching(/depthToSpace.*backend 'webgpu' has no kernel/) as string,
    });
  });
});
