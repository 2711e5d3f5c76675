/** Strategies on two adapters, one replica on each. */
import { js } from '@convoy/backend-js';
import { webgpu } from '@convoy/backend-webgpu';
import {
  constraints,
  defineBackend,
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  regularizers,
  topK,
  type Backend,
  type Engine,
  type Model,
  type ReplicaStrategy,
} from '@convoy/engine';
import { dense, dropout } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { bitsOf, CLASSES, makeImages, PIXELS, tinyEngine } from '../fixtures/tiny.js';

// Nine batches of 8 and one of 3, so that the last step of two replicas is that of one, and short.
const images = makeImages(75);
const BATCHES = 10;
const ADAPTERS = ['llvmpipe', 'SwiftShader'];

/** Its masks of dropout depend on an example's place in the batch, its penalty on the number of examples. */
function modelOf(engine: Engine, constrained = true): Model {
  const kernelConstraint = constrained ? constraints.maxNorm({ maxValue: 1 }) : null;
  const model = engine.sequential([
    dense({ units: 8, activation: 'relu', kernelRegularizer: regularizers.l2({ l2: 0.01 }), inputShape: [PIXELS] }),
    dropout({ rate: 0.3 }),
    dense({ units: CLASSES, kernelConstraint }),
  ]);
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  return model;
}

function largestNorm(kernel: Float32Array): number {
  const squares = new Float64Array(CLASSES);
  kernel.forEach((value, i) => (squares[i % CLASSES] += value ** 2));
  return Math.sqrt(Math.max(...squares));
}

describeOn(await gpuBackend('SwiftShader'), 'with a replica on each of two adapters', () => {
  const backend = webgpu({ adapter: ADAPTERS });
  let engine: Engine;
  beforeAll(async () => {
    engine = await tinyEngine({ backend });
  });
  afterAll(() => engine.dispose());

  test('replicas of one batch have the losses of the js backend within 1e-3, each on its own adapter, and the same each time', async () => {
    const strategy = parameterServer({ staleness: 0, replicas: 2 });
    const trained = async (each: Engine) => {
      const losses: number[] = [];
      const run = modelOf(each).fit(images, { epochs: 3, batchSize: 8, strategy });
      for await (const event of run) if (event.type === 'step') losses.push(event.logs['loss']);
      const { report } = await run;
      return { losses, devices: report?.replicas.map(({ device }) => device) };
    };
    await using reference = await tinyEngine({ backend: js() });
    await using another = await tinyEngine({ backend });
    const [actual, again, expected] = [await trained(engine), await trained(another), await trained(reference)];
    expect(actual.devices).toEqual([expect.stringMatching(/llvmpipe/i), expect.stringMatching(/swiftshader/i)]);
    expect(actual.losses).toHaveLength((3 * BATCHES) / 2);
    actual.losses.forEach((loss, i) => expect(Math.abs(loss - expected.losses[i])).toBeLessThanOrEqual(1e-3));
    expect(again).toEqual(actual);
  });

  describe('a strategy brings the loss down, keeps constraints, and does each batch once:', () => {
    const strategies: Record<string, ReplicaStrategy> = {
      'a parameter server with staleness and a codec': parameterServer({
        replicas: 2,
        staleness: 2,
        codec: topK({ fraction: 0.5 }),
      }),
      'local SGD': localSgd({ replicas: 2, every: 2, outer: sgd({ learningRate: 0.7, momentum: 0.5 }) }),
      'elastic averaging': elasticAveraging({ replicas: 2, every: 2 }),
      hogwild: hogwild({ replicas: 2 }),
    };
    test.each(Object.entries(strategies))('%s', async (_, strategy) => {
      // Constraints cannot hold while replicas add to shared weights: hogwild refuses them.
      const constrained = strategy.trains !== 'shared';
      const model = modelOf(engine, constrained);
      const { history, report } = await model.fit(images, { epochs: 5, batchSize: 8, strategy });
      expect(history['loss'][4]).toBeLessThan(history['loss'][0] - 0.1);
      expect(report?.updates.applied).toBe(5 * BATCHES);
      expect(report?.replicas.reduce((sum, { batches }) => sum + batches, 0)).toBe(5 * BATCHES);
      if (constrained) expect(largestNorm(model.layers[2].weights[0].dataSync())).toBeLessThan(1.00001);
    });
  });

  test('the engine predicts and trains on, by itself and by a strategy of three replicas', async () => {
    const model = modelOf(engine);
    const first = await model.fit(images, { batchSize: 8, strategy: parameterServer({ staleness: 1 }) });
    // One replica for each adapter, unless it is said.
    expect(first.report?.replicas).toHaveLength(2);
    await using other = await tinyEngine({ backend: js() });
    const same = modelOf(other);
    same.weights.forEach((variable, i) => variable.assign(model.weights[i].dataSync()));
    const [actual, expected] = [await model.evaluate(images), await same.evaluate(images)];
    expect(Math.abs(actual['loss'] - expected['loss'])).toBeLessThan(1e-5);
    const second = await model.fit(images, { batchSize: 8, epochs: 2 });
    expect(second.history['loss'][1]).toBeLessThan(first.history['loss'][0]);
    const third = await model.fit(images, { batchSize: 8, strategy: localSgd({ replicas: 3, every: 2 }) });
    expect(third.report?.replicas[2].device).toBe(first.report?.replicas[0].device);
    expect((await model.predict(images.x)).dataSync().every(Number.isFinite)).toBe(true);
  });

  test('weights can be read while replicas train, and an abort leaves those of the last whole update', async () => {
    const model = modelOf(engine);
    const controller = new AbortController();
    const strategy = parameterServer({ replicas: 2, staleness: 1 });
    const run = model.fit(images, { epochs: 1e6, batchSize: 8, strategy, signal: controller.signal });
    for await (const event of run) {
      if (event.type !== 'step' || event.step < 3) continue;
      expect((await model.predict(images.x)).dataSync().every(Number.isFinite)).toBe(true);
      controller.abort();
      break;
    }
    await expect(run).rejects.toThrow('aborted');
    expect(model.training.steps).toBeGreaterThan(3);
    expect(model.weights.every((variable) => variable.dataSync().every(Number.isFinite))).toBe(true);
  });

  test('a device that is lost ends fit with its replica and its name, and the weights are whole', async () => {
    const [{ options, url }] = backend.modules;
    const losing: Backend = defineBackend({
      name: 'losing',
      kernels: new URL(url),
      executor: new URL('./observed-executor.mjs', import.meta.url),
      options: { ...options, seen: new Float64Array(8), loseAfterMs: null, loses: { replica: 1, atStep: 6 } },
    });
    await using doomed = await tinyEngine({ backend: losing });
    const model = modelOf(doomed);
    const strategy = parameterServer({ replicas: 2, staleness: 1 });
    await expect(model.fit(images, { epochs: 1e6, batchSize: 8, strategy })).rejects.toMatchObject({
      code: 'GPU_LOST',
      message: expect.stringMatching(/replica 1, .*swiftshader/is) as string,
    });
    expect(model.training.steps).toBeGreaterThan(0);
    const bits = bitsOf(model);
    await model.predict(images.x);
    expect(bitsOf(model)).toEqual(bits);
  });

  test('an adapter that is not there is refused with its replica and the adapters that are', async () => {
    await using other = await tinyEngine({ backend: webgpu({ adapter: ['llvmpipe', 'no such adapter'] }) });
    const run = modelOf(other).fit(images, { strategy: localSgd({ replicas: 2 }) });
    await expect(run).rejects.toMatchObject({
      code: 'GPU_NO_ADAPTER',
      message: expect.stringMatching(/replica 1, .*no such adapter.*swiftshader.*llvmpipe/is) as string,
    });
  });
});

test('a list of adapters is of names, and not empty', () => {
  const wanted = 'webgpu: adapter must be a part of a name, or a list of such that is not empty';
  for (const adapter of [[], ['llvmpipe', ''], [3], {}, '']) {
    expect(() => webgpu({ adapter: adapter as string[] })).toThrow(wanted);
  }
});
