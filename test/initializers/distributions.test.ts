import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine, initializers, type Initializer } from '@convoy/engine';
import { dense, flatten } from '@convoy/layers';
import { afterAll, describe, expect, test } from 'vitest';
import { distanceTo, meanOf, normalCdf, truncatedCdf, uniformCdf, varianceOf } from './distribution.js';

const engine = await createEngine({ backend: js(), workers: 'inline', seed: 11 });
afterAll(() => engine.dispose());

/** Values of a new variable. */
function drawn(initializer: Initializer, shape: readonly number[]): Float32Array {
  return engine.bind(flatten()).addVariable('values', shape, { initializer }).dataSync();
}

interface Expected {
  readonly mean: number;
  readonly variance: number;
  readonly bounds: readonly [low: number, high: number];
  cdf(x: number): number;
}

const uniform = (low: number, high: number): Expected => ({
  mean: (low + high) / 2,
  variance: (high - low) ** 2 / 12,
  bounds: [low, high],
  cdf: (x) => uniformCdf(x, low, high),
});

const normal = (mean: number, stddev: number): Expected => ({
  mean,
  variance: stddev ** 2,
  bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  cdf: (x) => normalCdf((x - mean) / stddev),
});

/** Variance of a standard normal within ±2: 1 − 2·2·φ(2) / (Φ(2) − Φ(−2)). */
const TRUNCATED_VARIANCE = 1 - (4 * Math.exp(-2)) / Math.sqrt(2 * Math.PI) / (normalCdf(2) - normalCdf(-2));

const truncated = (mean: number, stddev: number): Expected => ({
  mean,
  variance: stddev ** 2 * TRUNCATED_VARIANCE,
  bounds: [mean - 2 * stddev, mean + 2 * stddev],
  cdf: (x) => truncatedCdf((x - mean) / stddev),
});

/** A kernel [5, 3, 12, 40]: 15 · 12 inputs reach an output, 15 · 40 outputs see an input. */
const KERNEL = [5, 3, 12, 40];
const [FAN_IN, FAN_OUT] = [180, 600];
const symmetric = (limit: number): Expected => uniform(-limit, limit);

const cases: Record<string, { readonly initializer: Initializer; readonly expected: Expected }> = {
  'glorotUniform: ±√(6 / (in + out))': {
    initializer: initializers.glorotUniform(),
    expected: symmetric(Math.sqrt(6 / (FAN_IN + FAN_OUT))),
  },
  'glorotNormal: √(2 / (in + out)), cut at two of them': {
    initializer: initializers.glorotNormal(),
    expected: truncated(0, Math.sqrt(2 / (FAN_IN + FAN_OUT))),
  },
  'heUniform: ±√(6 / in)': { initializer: initializers.heUniform(), expected: symmetric(Math.sqrt(6 / FAN_IN)) },
  'heNormal: √(2 / in), cut at two of them': {
    initializer: initializers.heNormal(),
    expected: truncated(0, Math.sqrt(2 / FAN_IN)),
  },
  'lecunUniform: ±√(3 / in)': { initializer: initializers.lecunUniform(), expected: symmetric(Math.sqrt(3 / FAN_IN)) },
  'lecunNormal: √(1 / in), cut at two of them': {
    initializer: initializers.lecunNormal(),
    expected: truncated(0, Math.sqrt(1 / FAN_IN)),
  },
  'randomUniform by default: ±0.05': { initializer: initializers.randomUniform(), expected: symmetric(0.05) },
  'randomUniform from 2 to 5': {
    initializer: initializers.randomUniform({ minval: 2, maxval: 5 }),
    expected: uniform(2, 5),
  },
  'randomNormal by default: 0 ± 0.05': { initializer: initializers.randomNormal(), expected: normal(0, 0.05) },
  'randomNormal of mean −3 and deviation 2': {
    initializer: initializers.randomNormal({ mean: -3, stddev: 2 }),
    expected: normal(-3, 2),
  },
  'truncatedNormal by default: 0 ± 0.05': { initializer: initializers.truncatedNormal(), expected: truncated(0, 0.05) },
  'truncatedNormal of mean 1 and deviation 0.5': {
    initializer: initializers.truncatedNormal({ mean: 1, stddev: 0.5 }),
    expected: truncated(1, 0.5),
  },
};

describe('draws have the distribution of their initializer', () => {
  for (const [name, { initializer, expected }] of Object.entries(cases)) {
    test(name, () => {
      const draws = drawn(initializer, KERNEL);
      const n = draws.length;
      const [low, high] = expected.bounds;
      const sorted = draws.toSorted();
      expect(sorted[0]).toBeGreaterThanOrEqual(Math.fround(low));
      expect(sorted[n - 1]).toBeLessThanOrEqual(Math.fround(high));
      // Four standard deviations of a mean of n draws, and of a variance where the fourth moment is the normal's.
      expect(Math.abs(meanOf(draws) - expected.mean)).toBeLessThan(4 * Math.sqrt(expected.variance / n));
      expect(Math.abs(varianceOf(draws) / expected.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
      // 1.63 / √n is passed by one sample in a hundred of the right distribution.
      expect(distanceTo(draws, (x) => expected.cdf(x))).toBeLessThan(1.63 / Math.sqrt(n));
      expect(new Set(draws).size).toBeGreaterThan(0.99 * n);
    });
  }
});

describe('a glorot-uniform kernel reaches up to √(6 / (in + out)) of its whole shape', () => {
  const limits: [shape: number[], limit: number][] = [
    [[3, 3, 4, 32], 0.136083],
    [[5, 5, 1, 6], 0.185164],
    [[32], 0.306186],
    [[24, 8], Math.sqrt(6 / 32)],
    [[], 1.732051],
  ];
  for (const [shape, limit] of limits) {
    test(`[${shape.join(', ')}]: ${limit.toFixed(6)}`, () => {
      const largest = Array.from({ length: 200 }, () => drawn(initializers.glorotUniform(), shape))
        .flatMap((values) => [...values])
        .reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(largest).toBeLessThanOrEqual(limit + 1e-6);
      expect(largest).toBeGreaterThan(0.95 * limit);
    });
  }
});

test('neighbouring draws are uncorrelated', () => {
  const draws = drawn(initializers.randomNormal({ stddev: 1 }), [20_000]);
  for (const lag of [1, 2, 40]) {
    const products = draws.subarray(lag).map((x, i) => x * draws[i]);
    expect(Math.abs(meanOf(products)), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(products.length));
  }
});

test('zeros, ones and constant fill with their value', () => {
  expect([...drawn(initializers.zeros(), [2, 3])]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...drawn(initializers.ones(), [3])]).toEqual([1, 1, 1]);
  expect([...drawn(initializers.constant({ value: -2.5 }), [1, 2])]).toEqual([-2.5, -2.5]);
  expect([...drawn(initializers.constant(), [])]).toEqual([0]);
});

test('every initializer is found by its name', () => {
  const names = Object.keys(cases).map((title) => /^\w+/.exec(title)?.[0] ?? '');
  for (const name of [...new Set(names), 'varianceScaling', 'zeros', 'ones', 'constant', 'identity', 'orthogonal']) {
    const values = engine.bind(flatten()).addVariable('values', [3, 3], { initializer: name }).dataSync();
    expect(values.every(Number.isFinite), name).toBe(true);
  }
});

test('layers begin with glorot-uniform kernels and biases of zeros', () => {
  const input = engine.input({ shape: [5, 5, 3] });
  const convolution = conv2d({ filters: 8, kernelSize: 3 });
  convolution.apply(input);
  const product = dense({ units: 40 });
  product.apply(engine.input({ shape: [30] }));
  const limits = [Math.sqrt(6 / (27 + 72)), Math.sqrt(6 / 70)];
  [convolution, product].forEach((layer, i) => {
    const kernel = layer.kernel?.dataSync() ?? [];
    expect(distanceTo(kernel, (x) => uniformCdf(x, -limits[i], limits[i]))).toBeLessThan(
      1.63 / Math.sqrt(kernel.length),
    );
    expect(new Set(layer.bias?.dataSync())).toEqual(new Set([0]));
  });
});
