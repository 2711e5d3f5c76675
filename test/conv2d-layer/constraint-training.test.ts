import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { constraints, createEngine, max, min, type ConstraintOption } from '@convoy/engine';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { afterEachStep } from './held-variable.js';
import { expectClose, wave } from './numbers.js';
import { normsOver } from './vector-norms.js';

const engine = await engineOfFile();
const KERNEL = [3, 3, 2, 2];
const start = wave(36);
const optimizers = {
  sgd: () => sgd({ learningRate: 0.3 }),
  momentum: () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  adam: () => adam({ learningRate: 0.2 }),
};

/** Trains towards far targets of both signs, and checks the variable after each step. */
async function expectAfterEachStep(constraint: ConstraintOption, check: (w: Float32Array) => void): Promise<void> {
  for (const make of Object.values(optimizers)) {
    for (const target of [50, -50]) {
      const training = { optimizer: make(), steps: 6, target };
      const seen = await afterEachStep(engine, constraint, start, KERNEL, training);
      expect(seen.length).toBeGreaterThanOrEqual(6);
      expect(seen[0], 'the variable moves').not.toEqual(start);
      for (const w of seen) check(w);
    }
  }
}

const norms = (w: Float32Array): Float64Array => normsOver(w, KERNEL, [0, 1, 2]);

describe('Constraints', () => {
  test('maxNorm holds after every step of every optimizer', () =>
    expectAfterEachStep(constraints.maxNorm({ maxValue: 1 }), (w) => {
      expect(Math.max(...norms(w))).toBeLessThanOrEqual(1 + 1e-6);
    }));

  test('unitNorm holds after every step of every optimizer', () =>
    expectAfterEachStep('unitNorm', (w) => expectClose(norms(w), new Float64Array(36).fill(1), 1e-6)));

  test('nonNeg holds after every step of every optimizer', () =>
    expectAfterEachStep('nonNeg', (w) => expect(Math.min(...w)).toBeGreaterThanOrEqual(0)));

  test('minMaxNorm holds after every step of every optimizer', () =>
    expectAfterEachStep(constraints.minMaxNorm({ minValue: 2, maxValue: 3 }), (w) => {
      expect(Math.min(...norms(w))).toBeGreaterThanOrEqual(2 - 2e-6);
      expect(Math.max(...norms(w))).toBeLessThanOrEqual(3 + 3e-6);
    }));

  test('radial holds after every step of every optimizer', () =>
    expectAfterEachStep('radial', (w) => {
      const window = Array.from({ length: 9 }, (_, i) => w[i * 4]);
      const ring = window.filter((_, i) => i !== 4);
      expectClose(ring, new Float64Array(8).fill(ring[0]), 1e-6);
    }));

  test('a user function holds after every step of every optimizer', () =>
    expectAfterEachStep(
      (w) => min(max(w, -0.5), 0.75),
      (w) => {
        expect(Math.min(...w)).toBeGreaterThanOrEqual(-0.5);
        expect(Math.max(...w)).toBeLessThanOrEqual(0.75);
      },
    ));

  test('minMaxNorm with a rate below 1 comes nearer at every step that does not move the value', async () => {
    const towards = constraints.minMaxNorm({ minValue: 0, maxValue: 1, rate: 0.5 });
    const training = { optimizer: sgd({ learningRate: 0 }), steps: 6, target: 0 };
    const seen = await afterEachStep(
      engine,
      towards,
      start.map((w) => 3 * w),
      KERNEL,
      training,
    );
    const distances = [...new Set(seen.map((w) => Math.max(...norms(w)) - 1))];
    expect(distances.length).toBeGreaterThanOrEqual(5);
    distances.slice(1).forEach((distance, i) => {
      expect(distance / distances[i]).toBeCloseTo(0.5, 3);
    });
  });

  test('a constrained layer has the same bits with 1 and 3 workers, and both its constraints hold', async () => {
    const weights: Float32Array[][] = [];
    for (const workers of [1, 3]) {
      const pool = await createEngine({ backend: wasm(), workers, seed: 1 });
      try {
        const layer = conv2d({
          filters: 4,
          kernelSize: 3,
          inputShape: [6, 6, 2],
          kernelConstraint: constraints.maxNorm({ maxValue: 0.5 }),
          biasConstraint: 'nonNeg',
        });
        const model = pool.sequential([layer]);
        model.compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'meanSquaredError' });
        await model.fit({ x: wave(20 * 72), y: wave(20 * 64, 2) }, { batchSize: 7, epochs: 2, shards: 3 });
        weights.push(layer.getWeights());
      } finally {
        await pool.dispose();
      }
    }
    expect(weights[1]).toEqual(weights[0]);
    const [kernel, bias] = weights[0];
    expect(Math.max(...normsOver(kernel, [3, 3, 2, 4], [0, 1, 2]))).toBeLessThanOrEqual(0.5 + 1e-6);
    expect(Math.min(...bias)).toBeGreaterThanOrEqual(0);
  });
});
