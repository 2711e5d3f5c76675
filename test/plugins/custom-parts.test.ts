/** The parts of the examples, against plain loops and formulas in double precision that share nothing with them. */
import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { defineInitializer, type EngineOptions, type Layer, type Optimizer } from '@convoy/engine';
import { conformance, standardCases, type OpCase } from '@convoy/engine/testing';
import { mish } from '../../examples/dist/custom-activation/mish.js';
import { countingJs } from '../../examples/dist/custom-backend/counting-js.js';
import { filterNorm } from '../../examples/dist/custom-constraint/filter-norm.js';
import { squeezeExcite } from '../../examples/dist/custom-layer/squeeze-excite.js';
import { depthToSpace, depthToSpacePlugin, spaceToDepth } from '../../examples/dist/custom-op/depth-to-space.js';
import { lion } from '../../examples/dist/custom-optimizer/lion.js';
import { activation, dense, flatten } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { expectClose, gradientsOf, slopesOf } from './finite-differences.js';
import { valuesOf, withEngine } from './small-model.js';

const wave = (length: number, scale = 1) => Float32Array.from({ length }, (_, i) => scale * Math.sin(1.7 * i + 0.3));
const given = (values: ArrayLike<number>) => defineInitializer('given', () => () => Float32Array.from(values))();

describe('mish', () => {
  const formula = (x: number) => x * Math.tanh(Math.log1p(Math.exp(x)));

  test('has the values of its formula', () =>
    withEngine({}, (engine) => {
      const x = Float32Array.from({ length: 81 }, (_, i) => (i - 40) / 4);
      expectClose(mish(engine.tensor(x)).dataSync(), Array.from(x, formula), 1e-6);
    }));

  test('has the gradient of finite differences, on both sides of 0', async () => {
    // Unit j gives mish(w_j · 1), so that w runs over the arguments of mish.
    const w = Float64Array.from({ length: 33 }, (_, i) => (i - 16) / 4);
    const options = { units: 33, useBias: false, activation: mish, kernelInitializer: given(w), inputShape: [1] };
    const [actual] = await gradientsOf(dense(options), Float32Array.of(1), new Float32Array(33).fill(2));
    const loss = () => w.reduce((sum, value) => sum + (formula(value) - 2) ** 2 / 33, 0);
    expectClose(actual, slopesOf([w], loss)[0], 2e-6);
  });
});

describe('squeeze-and-excitation', () => {
  const [images, pixels, channels, units] = [5, 6, 3, 2];
  const x = wave(images * pixels * channels, 3);

  /** Images of 2×3 pixels; squeeze [channels, units], excite [units, channels]. */
  function formula(squeeze: ArrayLike<number>, excite: ArrayLike<number>): number[] {
    const y = Array.from(x);
    for (let n = 0; n < images; n++) {
      const at = (pixel: number, c: number) => (n * pixels + pixel) * channels + c;
      const mean = (c: number) =>
        Array.from({ length: pixels }, (_, p) => x[at(p, c)] / pixels).reduce((a, b) => a + b);
      const means = Array.from({ length: channels }, (_, c) => mean(c));
      const hidden = Array.from({ length: units }, (_, u) =>
        Math.max(0, means.reduce((sum, value, c) => sum + value * squeeze[c * units + u], 0)),
      ); // prettier-ignore
      for (let c = 0; c < channels; c++) {
        const z = hidden.reduce((sum, value, u) => sum + value * excite[u * channels + c], 0);
        for (let p = 0; p < pixels; p++) y[at(p, c)] /= 1 + Math.exp(-z);
      }
    }
    return y;
  }

  test('has the values of its formula', () =>
    withEngine({}, async (engine) => {
      const model = engine.sequential([squeezeExcite({ units, inputShape: [2, 3, channels] })]);
      const [squeeze, excite] = valuesOf(model);
      expect([squeeze.length, excite.length]).toEqual([channels * units, units * channels]);
      expectClose((await model.predict(x)).dataSync(), formula(squeeze, excite), 1e-6);
    }));

  test('trains both of its weights along the gradient of finite differences', async () => {
    const layer = squeezeExcite({ units, inputShape: [2, 3, channels] });
    const weights = await withEngine({}, (engine) =>
      valuesOf(engine.sequential([squeezeExcite({ units, inputShape: [2, 3, channels] })])),
    );
    const y = wave(x.length, 0.7);
    const actual = await gradientsOf(layer, x, y);
    const [squeeze, excite] = weights.map((values) => Float64Array.from(values));
    const loss = () => formula(squeeze, excite).reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / x.length;
    const expected = slopesOf([squeeze, excite], loss);
    expect(Math.max(...expected[0].map(Math.abs))).toBeGreaterThan(1e-3);
    actual.forEach((gradient, i) => expectClose(gradient, expected[i], 1e-6));
  });
});

describe('depth to space', () => {
  test('moves channels to where a plain loop says, and space to depth moves them back', () =>
    withEngine({ plugins: [depthToSpacePlugin] }, (engine) => {
      const [n, h, w, c, block] = [2, 3, 2, 2, 2];
      const deep = Float32Array.from({ length: n * h * w * block * block * c }, (_, i) => i);
      const wide = new Float32Array(deep.length);
      let from = 0;
      for (let image = 0; image < n; image++)
        for (let row = 0; row < h; row++)
          for (let column = 0; column < w; column++)
            for (let down = 0; down < block; down++)
              for (let right = 0; right < block; right++)
                for (let channel = 0; channel < c; channel++) {
                  const y = row * block + down;
                  const x = column * block + right;
                  wide[((image * h * block + y) * w * block + x) * c + channel] = deep[from++];
                }
      const widened = depthToSpace(engine.tensor(deep, [n, h, w, block * block * c]), { block });
      expect(widened.shape).toEqual([n, h * block, w * block, c]);
      expect(widened.dataSync()).toEqual(wide);
      const back = spaceToDepth(widened, { block });
      expect(back.shape).toEqual([n, h, w, block * block * c]);
      expect(back.dataSync()).toEqual(deep);
    }));

  const cases: OpCase[] = [
    {
      name: 'depthToSpace x[batch,2,3,18] block 3',
      inputs: [{ shape: [null, 2, 3, 18] }],
      build: (x) => depthToSpace(x, { block: 3 }),
    },
    {
      name: 'spaceToDepth x[batch,4,6,3] block 2',
      inputs: [{ shape: [null, 4, 6, 3] }],
      build: (x) => spaceToDepth(x, { block: 2 }),
    },
  ];
  const plugins = [depthToSpacePlugin];
  const checks = conformance({ backend: wasm(), reference: js(), cases, plugins });
  for (const check of checks) test(check.name, () => check.run());

  test('of channels that do not divide is refused', () =>
    withEngine({}, (engine) => {
      const input = engine.input({ shape: [4, 4, 3] });
      expect(() => depthToSpace(input, { block: 2 })).toThrow('[batch, 8, 8, 0.75]');
    }));
});

describe('lion', () => {
  test('takes the steps of its formula, decay and all, and keeps the mean of gradients', () =>
    withEngine({}, async (engine) => {
      const [rate, beta1, beta2, weightDecay] = [0.05, 0.6, 0.8, 0.1];
      const inputs = [0.5, -1, 2];
      const targets = [1, 0.5, -0.3];
      const start = [0.8, -0.4];
      // y = x·w for two units; L = mean over examples and units of (x·w_j − t)².
      const w = [...start];
      const m = [0, 0];
      for (let step = 0; step < 5; step++) {
        const g = w.map((weight) => inputs.reduce((sum, x, i) => sum + (2 * x * (x * weight - targets[i])) / 6, 0));
        g.forEach((gradient, j) => {
          const direction = Math.sign(beta1 * m[j] + (1 - beta1) * gradient);
          w[j] -= rate * (direction + weightDecay * w[j]);
          m[j] = beta2 * m[j] + (1 - beta2) * gradient;
        });
      }
      const kernelInitializer = given(start);
      const model = engine.sequential([dense({ units: 2, useBias: false, kernelInitializer, inputShape: [1] })]);
      const optimizer = lion({ learningRate: rate, beta1, beta2, weightDecay });
      model.compile({ optimizer, loss: 'meanSquaredError' });
      const y = Float32Array.from(targets.flatMap((target) => [target, target]));
      await model.fit({ x: Float32Array.from(inputs), y }, { epochs: 5 });
      expectClose(valuesOf(model)[0], w, 1e-6);
      const kept = model.training.variables.find((variable) => variable.name === 'lion/m/dense/kernel:0');
      expectClose(kept?.dataSync() ?? [], m, 1e-6);
    }));
});

/** Stripes in two channels, lying (0) or standing (1). */
const y = Uint8Array.from({ length: 96 }, (_, image) => image % 2);
const x = Float32Array.from({ length: 96 * 6 * 6 * 2 }, (_, i) => {
  const [image, row, column, channel] = [Math.floor(i / 72), Math.floor(i / 12) % 6, Math.floor(i / 2) % 6, i % 2];
  return Math.sin(image + channel + 1.5 * (y[image] ? column : row));
});

interface Trained {
  readonly layers: () => Layer[];
  readonly optimizer?: () => Optimizer;
  readonly backend?: EngineOptions['backend'];
  readonly workers?: EngineOptions['workers'];
}

/** The weights after two epochs of steps of four shards. */
function trained({ layers, optimizer = () => sgd({ learningRate: 0.1 }), backend = wasm(), workers = 2 }: Trained) {
  return withEngine({ backend, workers }, async (engine) => {
    const model = engine.sequential([...layers(), flatten(), dense({ units: 2 })]);
    model.compile({ optimizer: optimizer(), loss: 'sparseCategoricalCrossentropy' });
    await model.fit({ x, y }, { epochs: 2, batchSize: 32 });
    return valuesOf(model);
  });
}

const convolution = (options: Partial<Parameters<typeof conv2d>[0]>) => () => [
  conv2d({ filters: 4, kernelSize: 3, inputShape: [6, 6, 2], ...options }),
];

describe('the norm of filters', () => {
  const normsOf = ([kernel]: Float32Array[]) =>
    Array.from({ length: 4 }, (_, filter) => Math.hypot(...kernel.filter((_weight, i) => i % 4 === filter)));

  test.each([1, 2])('stays at the limit or below with %i workers, where it would have passed it', async (workers) => {
    const free = normsOf(await trained({ layers: convolution({}), workers }));
    const limit = 0.5 * Math.min(...free);
    const held = normsOf(await trained({ layers: convolution({ kernelConstraint: filterNorm({ limit }) }), workers }));
    for (const norm of held) expect(norm).toBeLessThanOrEqual(limit * (1 + 1e-6));
    expect(Math.max(...held)).toBeGreaterThan(0.99 * limit);
  });

  test('is left alone, to the bit, below the limit', async () => {
    const kernelConstraint = filterNorm({ limit: 100 });
    expect(await trained({ layers: convolution({ kernelConstraint }) })).toEqual(
      await trained({ layers: convolution({}) }),
    );
  });
});

describe('the counting backend', () => {
  const layers = convolution({ activation: 'relu' });

  test('counts every output of relu once, and trains to the bits of js', async () => {
    const counts = new BigInt64Array(new SharedArrayBuffer(16));
    const weights = await trained({ layers, backend: countingJs(counts.buffer) });
    expect(counts[0]).toBe(BigInt(2 * 96 * 4 * 4 * 4));
    expect(counts[1]).toBeGreaterThan(0n);
    expect(counts[1]).toBeLessThan(counts[0]);
    expect(weights).toEqual(await trained({ layers, backend: js() }));
  });

  const cases = standardCases.filter(({ name }) => name.startsWith('relu '));
  const backend = countingJs(new SharedArrayBuffer(16));
  for (const check of conformance({ backend, reference: js(), cases })) test(check.name, () => check.run());
});

test.each<[string, Omit<Trained, 'workers'>]>([
  ['activation', { layers: convolution({ activation: mish }) }],
  ['layer', { layers: () => [...convolution({})(), squeezeExcite({ units: 2 })] }],
  ['op', { layers: () => [...convolution({})(), activation({ activation: (z) => depthToSpace(z, { block: 2 }) })] }],
  ['optimizer', { layers: convolution({}), optimizer: () => lion({ learningRate: 0.01 }) }],
  ['constraint', { layers: convolution({ kernelConstraint: filterNorm({ limit: 0.3 }) }) }],
  ['backend', { layers: convolution({ activation: 'relu' }), backend: countingJs(new SharedArrayBuffer(16)) }],
])('a model with the custom %s trains to the same bits with 1 and 2 workers', async (_, parts) => {
  expect(await trained({ ...parts, workers: 2 })).toEqual(await trained({ ...parts, workers: 1 }));
});
