import { js } from '@convoy/backend-js';
import { defineBackend, type Backend } from '@convoy/engine';
import { expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { makeImages, PIXELS, tinyEngine, tinyModel } from '../fixtures/tiny.js';
import { emptyFolder, engineWithPlugins } from '../persistence/saved-model.js';

const images = makeImages(64);
const EPOCHS = 50;
/** 64 examples in batches of 32. */
const STEPS = 2 * EPOCHS;

interface Seen {
  readonly buffers: number;
  readonly bindGroups: number;
  readonly pipelines: number;
  readonly encoders: number;
  readonly submits: number;
}

describeOn(await gpuBackend('llvmpipe'), 'a step on the webgpu backend', (backend: Backend) => {
  function observedBy(seen: Float64Array): Backend {
    const [{ url, options }] = backend.modules;
    return defineBackend({
      name: 'observed',
      kernels: new URL(url),
      executor: new URL('./observed-executor.mjs', import.meta.url),
      options: { ...options, seen, loseAfterMs: null },
    });
  }

  test('makes no buffer, no bind group and no pipeline after the first, and is submitted once', async () => {
    const words = new Float64Array(new SharedArrayBuffer(64));
    const observed = observedBy(words);
    const seen = (): Seen => {
      const [buffers, bindGroups, pipelines, encoders, submits] = words;
      return { buffers, bindGroups, pipelines, encoders, submits };
    };
    await using engine = await tinyEngine({ backend: observed });
    const model = tinyModel(engine);
    await model.fit(images, { epochs: 1 });
    const first = seen();
    await model.fit(images, { epochs: EPOCHS });
    const last = seen();
    expect({ ...last, encoders: 0, submits: 0 }).toEqual({ ...first, encoders: 0, submits: 0 });
    // An epoch is a run: the state goes up and down once, and its last results come back.
    const submits = last.submits - first.submits;
    expect(submits).toBeGreaterThanOrEqual(STEPS);
    expect(submits).toBeLessThanOrEqual(STEPS + 3 * EPOCHS);
    expect(last.encoders - first.encoders).toBe(submits);
  });

  test('that predicts brings up weights when they have changed, and else the batch alone', async () => {
    const words = new Float64Array(new SharedArrayBuffer(64));
    await using engine = await tinyEngine({ backend: observedBy(words) });
    const model = tinyModel(engine);
    const up = async (work: () => Promise<unknown>): Promise<number> => {
      const before = words[5];
      await work();
      return words[5] - before;
    };
    const state = 4 * model.weights.reduce((sum, { size }) => sum + size, 0);
    // What a step is told takes 32 bytes.
    const batch = 32 + 4 * 32 * PIXELS;
    const predict = (): Promise<unknown> => model.predict(images.x, { batchSize: 32 });
    const evaluate = (): Promise<unknown> => model.evaluate(images, { batchSize: 32 });
    const batches = 2 * batch;
    expect(await up(predict)).toBe(state + batches);
    expect(await up(predict)).toBe(batches);
    const evaluated = (await up(evaluate)) - state;
    expect(await up(evaluate)).toBe(evaluated);
    const [kernel] = model.weights;
    kernel.assign(kernel.dataSync());
    expect(await up(predict)).toBe(state + batches);
    expect(await up(evaluate)).toBe(state + evaluated);
    await model.fit(images, { epochs: 1 });
    expect(await up(predict)).toBe(state + batches);
    expect(await up(predict)).toBe(batches);
  });

  test('that predicts sees weights that were assigned, loaded and trained', async () => {
    await using engine = await engineWithPlugins({ backend });
    await using reference = await tinyEngine({ backend: js() });
    const [model, same] = [tinyModel(engine), tinyModel(reference)];
    const agree = async (): Promise<void> => {
      same.weights.forEach((variable, i) => variable.assign(model.weights[i].dataSync()));
      const [actual, expected] = [await model.predict(images.x), await same.predict(images.x)].map((y) => y.dataSync());
      actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-5));
    };
    await agree();
    await model.fit(images, { epochs: 1 });
    await agree();
    model.weights.forEach((variable) => variable.assign(new Float32Array(variable.size).fill(0.01)));
    await agree();
    const folder = await emptyFolder();
    await model.fit(images, { epochs: 1 });
    await model.save(folder);
    const loaded = await engine.load(folder);
    expect((await loaded.predict(images.x)).dataSync()).toEqual((await model.predict(images.x)).dataSync());
  });

  test('leaves memory flat over 2,000 of them', async () => {
    await using engine = await tinyEngine({ backend });
    const model = tinyModel(engine);
    const many = makeImages(3200);
    const sizes: number[] = [];
    const onFence = (): void => void sizes.push(process.memoryUsage().rss);
    await model.fit(many, { epochs: 20, stepsPerFence: 100, callbacks: { onFence } });
    expect(sizes).toHaveLength(20);
    // After the first quarter nothing grows but what the collector has not yet been to.
    const [settled, end] = [Math.max(...sizes.slice(0, 5)), sizes.at(-1) ?? 0];
    expect(end - settled).toBeLessThan(24 * 2 ** 20);
    expect(model.training.steps).toBe(2000);
  });
});
