import { js } from '@convoy/backend-js';
import { probeGpus, webgpu } from '@convoy/backend-webgpu';
import { reduceSum, softmax, type Backend } from '@convoy/engine';
import { conformance, standardCases } from '@convoy/engine/testing';
import { describe, expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { tinyEngine, tinyModel } from '../fixtures/tiny.js';

/** The ops that have a form with subgroups; the suites of both drivers run that one. */
const cases = standardCases.filter(({ name }) => /^(reduce|softmax|sparseSoftmax)/.test(name));

for (const adapter of ['llvmpipe', 'SwiftShader'] as const) {
  describeOn(await gpuBackend(adapter, { subgroups: false }), `on ${adapter}`, (without) => {
    describe('without subgroups reductions, softmax and losses agree with the reference', () => {
      for (const { name, run } of conformance({ backend: without, reference: js(), cases, tolerance: 2e-5 }))
        test(name, run);
    });

    test('each form repeats its bits in every engine, and a program says when it does without', async () => {
      const numbers = Float32Array.from({ length: 9000 }, (_, i) => Math.sin(i * i));
      const bitsIn = async (backend: Backend): Promise<string> => {
        await using engine = await tinyEngine({ backend });
        expect(tinyModel(engine).explain().includes('webgpu (no subgroups build)')).toBe(backend === without);
        const x = engine.tensor(numbers, [3, 3000]);
        return [reduceSum(x), softmax(x)].map((y) => Buffer.from(y.dataSync().buffer).toString('base64')).join();
      };
      for (const backend of [without, webgpu({ adapter })]) expect(await bitsIn(backend)).toBe(await bitsIn(backend));
    });
  });
}

describeOn(await gpuBackend('SwiftShader'), 'with two drivers', () => {
  test('the probe tells the sizes of subgroups, which differ', async () => {
    const { adapters } = await probeGpus();
    const sizes = adapters.map(({ subgroupSizes }) => subgroupSizes?.[0]);
    expect(sizes.every((size) => typeof size === 'number' && size >= 4)).toBe(true);
    expect(new Set(sizes).size).toBeGreaterThan(1);
  });
});
