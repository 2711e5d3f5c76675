import { defineBackend, type Backend } from '@convoy/engine';
import { expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

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
  test('makes no buffer, no bind group and no pipeline after the first, and is submitted once', async () => {
    const words = new Float64Array(new SharedArrayBuffer(64));
    const [{ url, options }] = backend.modules;
    const observed = defineBackend({
      name: 'observed',
      kernels: new URL(url),
      executor: new URL('./observed-executor.mjs', import.meta.url),
      options: { ...options, seen: words, loseAfterMs: null },
    });
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
