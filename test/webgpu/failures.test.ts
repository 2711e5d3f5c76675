import { defineBackend, reduceMax, reduceSum, type Backend } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { webgpu } from '@convoy/backend-webgpu';
import { expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

// Four steps an epoch, so that each run of two steps ends with a fence.
const images = makeImages(128);

describeOn(
  await gpuBackend('llvmpipe'),
  'what goes wrong on a device becomes an error of the engine',
  (backend: Backend) => {
    const kernels = new URL('./broken-kernels.mjs', import.meta.url);
    const broken = defineBackend({ name: 'broken', kernels, extends: backend });

    function losing(seen: Float64Array): Backend {
      const [{ options }] = backend.modules;
      const [own] = backend.modules;
      return defineBackend({
        name: 'losing',
        kernels: new URL(own.url),
        executor: new URL('./observed-executor.mjs', import.meta.url),
        options: { ...options, seen, loseAfterMs: 150 },
      });
    }

    test('a device that is lost ends fit by name, and the weights are those of the last fence', async () => {
      await using engine = await tinyEngine({ backend: losing(new Float64Array(new SharedArrayBuffer(64))) });
      const model = tinyModel(engine);
      const fences: [number, Record<string, string>][] = [];
      const onFence = (): void => void fences.push([model.training.steps, bitsOf(model)]);
      const run = model.fit(images, { epochs: 1e6, stepsPerFence: 2, callbacks: { onFence, onEpochEnd: onFence } });
      await expect(run).rejects.toMatchObject({
        name: 'RuntimeError',
        code: 'GPU_LOST',
        message: expect.stringMatching(
          /was lost .*\d+ submits the last was: (program '\w+', (step|state|results)|nothing).*go on from the weights/,
        ) as string,
      });
      const [steps, bits] = fences.at(-1) ?? [0, bitsOf(model)];
      expect(model.training.steps).toBe(steps);
      expect(bitsOf(model)).toEqual(bits);
      await expect(model.predict(images.x)).rejects.toMatchObject({ code: 'GPU_LOST' });
    });

    test('a shader that does not compile is named with its kernel and the line', async () => {
      await using engine = await tinyEngine({ backend: broken });
      expect(() => reduceMax(engine.tensor([1, 2]), { axes: [0] })).toThrow(
        /kernel 'reduceMax': its shader does not compile[^]*unresolved value 'nonsense'/,
      );
    });

    test('a kernel that is not made for a device is refused', async () => {
      await using engine = await tinyEngine({ backend: broken });
      expect(() => reduceSum(engine.tensor([1, 2]), { axes: [0] })).toThrow(/kernel 'reduceSum'.*made for the CPU/);
    });

    test('an operand beyond what the device binds is refused with layer, sizes and remedy', async () => {
      await using engine = await tinyEngine({ backend });
      const layer = dense({ units: 8000, kernelInitializer: 'zeros', inputShape: [8000] });
      const model = engine.sequential([layer]);
      await expect(model.predict(new Float32Array(8000))).rejects.toMatchObject({
        code: 'GPU_LIMIT',
        message: expect.stringMatching(/layer .dense_1.*256000000 bytes.*binds at most/s) as string,
      });
    });

    test('what a device refuses of a whole step is named with its layer and kernel', async () => {
      await using engine = await tinyEngine({ backend: broken });
      const hidden = dense({ units: 4, activation: 'softmax', name: 'hidden', inputShape: [3] });
      const model = engine.sequential([hidden, dense({ units: 2 })]);
      const refused = {
        code: 'GPU_VALIDATION',
        message: expect.stringMatching(
          /program 'predict', step 1, layer 'hidden', kernel 'softmax': .* refuses: Dispatch workgroup count X \(70000\)/,
        ) as string,
      };
      await expect(model.predict(new Float32Array(3))).rejects.toMatchObject(refused);
      // The device is there still.
      await expect(model.predict(new Float32Array(3))).rejects.toMatchObject(refused);
      expect((await tinyModel(engine).predict(images.x)).dataSync().every(Number.isFinite)).toBe(true);
    });

    test('what it reports of a later step, when nobody asks, is named too', async () => {
      const [{ url, options }] = backend.modules;
      const executor = new URL('./breaking-executor.mjs', import.meta.url);
      const late = defineBackend({ name: 'late', kernels: new URL(url), executor, options });
      await using engine = await tinyEngine({ backend: late });
      const model = engine.sequential([dense({ units: 4, name: 'hidden', inputShape: [3] }), dense({ units: 2 })]);
      await model.predict(new Float32Array(3));
      await expect(model.predict(new Float32Array(3))).rejects.toMatchObject({
        code: 'GPU_VALIDATION',
        message: expect.stringMatching(
          /^program 'predict', step 1, layer 'hidden', kernel 'matmul': .*refuses: \[Buffer .*used in submit while destroyed/,
        ) as string,
      });
    });

    test('after an error the engine computes on', async () => {
      await using engine = await tinyEngine({ backend: broken });
      expect(() => reduceMax(engine.tensor([1, 2]), { axes: [0] })).toThrow('does not compile');
      const model = tinyModel(engine);
      expect((await model.predict(images.x)).dataSync().every(Number.isFinite)).toBe(true);
    });

    test('an adapter that is not there is refused when the engine is made, with those that are', async () => {
      await expect(tinyEngine({ backend: webgpu({ adapter: 'no such adapter' }) })).rejects.toMatchObject({
        code: 'GPU_NO_ADAPTER',
        message: expect.stringMatching(/no such adapter/) as string,
      });
    });
  },
);

describeOn(await gpuBackend('SwiftShader'), 'a device without enough memory', (backend) => {
  test('is told by what the buffers take, which is the largest and what to do, and the engine computes on', async () => {
    await using engine = await tinyEngine({ backend });
    const zeros = { kernelInitializer: 'zeros', useBias: false } as const;
    // An activation of 1 GiB, which the driver has not in one piece; nothing of it is made on the CPU.
    const wide = dense({ units: 65_536, name: 'wide', inputShape: [1], ...zeros });
    const model = engine.sequential([wide, dense({ units: 1, ...zeros })]);
    await expect(model.predict(new Float32Array(4096), { batchSize: 4096 })).rejects.toMatchObject({
      code: 'GPU_MEMORY',
      message: expect.stringMatching(
        /program 'predict'.*1024\.0 MiB, layer 'wide', kernel 'matmul'; use a smaller/,
      ) as string,
    });
    expect((await model.predict(new Float32Array(2), { batchSize: 2 })).dataSync()).toEqual(new Float32Array(2));
  });
});

test('options that are not there, or take no such value, are refused', () => {
  expect(() => webgpu({ f16: 'yes' as never })).toThrow('webgpu: f16 must be true or false, got');
  expect(() => webgpu({ adapter: '' })).toThrow('webgpu: adapter must be a part of a name');
  expect(() => webgpu({ tile: 3 } as never)).toThrow('tile');
});
