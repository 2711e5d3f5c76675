import { probeGpus, webgpu } from '@convoy/backend-webgpu';
import { js } from '@convoy/backend-js';
import { oneHot, slice } from '@convoy/engine';
import { conv2dCases } from '@convoy/conv2d/testing';
import { conformance } from '@convoy/engine/testing';
import { describe, expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(64);

describeOn(await gpuBackend('SwiftShader'), 'with two drivers', () => {
  test('each adapter is reported by the name that webgpu() takes, and software is called that', async () => {
    const { adapters, reason } = await probeGpus();
    expect(reason).toBeNull();
    expect(adapters.length).toBeGreaterThanOrEqual(2);
    for (const { name, software } of adapters) {
      expect(software).toBe(true);
      await using engine = await tinyEngine({ backend: webgpu({ adapter: name }) });
      expect(engine.workersReason).toContain('software adapter');
    }
  });

  test('an engine on each trains side by side, to losses within 1e-3', async () => {
    const losses = await Promise.all(
      ['llvmpipe', 'SwiftShader'].map(async (adapter) => {
        await using engine = await tinyEngine({ backend: webgpu({ adapter }) });
        const { history } = await tinyModel(engine).fit(images, { epochs: 5 });
        return history['loss'];
      }),
    );
    const [one, two] = losses;
    one.forEach((loss, i) => expect(Math.abs(loss - two[i])).toBeLessThanOrEqual(1e-3));
  });

  test('f16 is refused on an adapter that has none, when the engine is made', async () => {
    await expect(tinyEngine({ backend: webgpu({ adapter: 'SwiftShader', f16: true }) })).rejects.toMatchObject({
      code: 'GPU_FEATURE',
      message: expect.stringMatching(/shader-f16/) as string,
    });
  });
});

describeOn(await gpuBackend('llvmpipe', { f16: true }), 'with activations stored in float16', (backend) => {
  describe('convolutions and their gradients are within 3e-3 of the reference', () => {
    const cases = conv2dCases.filter((_, i) => i % 8 === 0);
    for (const { name, run } of conformance({ backend, reference: js(), cases, tolerance: 3e-3 })) test(name, run);
  });

  test('training follows the float32 curve within 1e-2, and says in its program how it stores', async () => {
    const losses: number[][] = [];
    for (const each of [backend, js()]) {
      await using engine = await tinyEngine({ backend: each });
      const model = tinyModel(engine);
      const { history } = await model.fit(images, { epochs: 10 });
      losses.push([...history['loss']]);
    }
    const [half, full] = losses;
    half.forEach((loss, i) => expect(Math.abs(loss - full[i])).toBeLessThanOrEqual(1e-2));
    await using engine = await tinyEngine({ backend });
    expect(tinyModel(engine).explain()).toContain('webgpu (float16 activations build)');
  });

  test('labels that float16 would round are the classes that they are', async () => {
    await using engine = await tinyEngine({ backend });
    const labels = engine.input({ shape: [1], dtype: 'int32' });
    const rows = oneHot(labels, { depth: 2060 });
    const outputs = slice(rows, { begin: [0, 0, 2048], size: [null, 1, 4] });
    const model = engine.model({ inputs: labels, outputs });
    expect([...(await model.predict(Int32Array.of(2049, 2051))).dataSync()]).toEqual([0, 1, 0, 0, 0, 0, 0, 1]);
  });
});
