import { setImmediate } from 'node:timers/promises';
import {
  constraints,
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  type Engine,
  type Model,
  type ReplicaStrategy,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { sharedWords, watching } from '../fixtures/backends.js';
import { product } from '../fixtures/integers.js';
import { expectRefusal } from '../fixtures/refusal.js';
import { tinyEngine } from '../fixtures/tiny.js';

const WIDTH = 24;
const ROWS = 600;
/** 1, and what the rounding of a sum of 24 squares may add. */
const BOUND = 1 + 1e-5;
const wave = (factor: number) => Float32Array.from({ length: ROWS * WIDTH }, (_, i) => Math.sin(i * factor));
const data = { x: wave(1.7), y: wave(0.37) };

/** Columns of the kernel have norms of at most 1, and every step would take them far beyond. */
function constrainedModel(engine: Engine, constrained = true): Model {
  const model = engine.sequential([
    dense({
      units: WIDTH,
      inputShape: [WIDTH],
      ...(constrained && {
        kernelConstraint: constraints.maxNorm({ maxValue: 1 }),
        biasConstraint: constraints.nonNeg(),
      }),
    }),
  ]);
  model.compile({ optimizer: sgd({ learningRate: 20, momentum: 0.5 }), loss: product() });
  return model;
}

function largestNorm(kernel: Float32Array): number {
  const norms = Array.from({ length: WIDTH }, (_, column) => {
    let square = 0;
    for (let row = 0; row < WIDTH; row++) square += kernel[row * WIDTH + column] ** 2;
    return Math.sqrt(square);
  });
  return Math.max(...norms);
}

const strategies: Record<string, ReplicaStrategy> = {
  'a parameter server': parameterServer({ replicas: 4, staleness: 3 }),
  'local SGD': localSgd({ replicas: 4, every: 3 }),
  'local SGD with an outer optimizer': localSgd({
    replicas: 4,
    every: 3,
    outer: sgd({ learningRate: 0.7, momentum: 0.9, nesterov: true }),
  }),
  'elastic averaging': elasticAveraging({ replicas: 4, every: 2, rho: 0.4 }),
};

let reads = 0;
let readsByCaller = 0;

describe('with 4 replicas under load, everybody who reads constrained weights finds the constraint kept', () => {
  for (const [name, strategy] of Object.entries(strategies)) {
    test(`under ${name}`, async () => {
      const words = sharedWords(3);
      await using engine = await tinyEngine({ workers: 1, backend: watching(BOUND, words) });
      const model = constrainedModel(engine);
      const [kernel, bias] = model.weights;
      // From the first step on: the initial values are not projected.
      await model.fit(data, { batchSize: 8, strategy });
      words.fill(0);
      const run = { over: false };
      const read = async (once: () => Promise<readonly Float32Array[]>): Promise<number> => {
        let count = 0;
        for (; !run.over; count++) {
          await setImmediate();
          for (const values of await once()) {
            if (values.length === WIDTH) expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
            else expect(largestNorm(values)).toBeLessThanOrEqual(BOUND);
          }
        }
        return count;
      };
      const byCaller = Promise.all([
        read(async () => [await kernel.data()]),
        read(async () => [await bias.data()]),
        read(async () => (await model.snapshot([kernel, bias], () => null)).values),
      ]);
      await model.fit(data, { batchSize: 2, epochs: 2, strategy }).finally(() => (run.over = true));
      const counts = await byCaller;
      expect(words[1]).toBe(0);
      expect(words[2]).toBeGreaterThan(0);
      const here = counts.reduce((a, b) => a + b);
      expect(here).toBeGreaterThan(100);
      readsByCaller += here;
      reads += here + words[0];
    });
  }

  test('and that is 10,000 reads and more, of which the caller made thousands in mid-run', () => {
    expect(reads).toBeGreaterThanOrEqual(10_000);
    expect(readsByCaller).toBeGreaterThanOrEqual(1000);
  });
});

test('without the constraint a run goes beyond its bound, and readers see it', async () => {
  const words = sharedWords(3);
  await using engine = await tinyEngine({ workers: 1, backend: watching(BOUND, words) });
  const model = constrainedModel(engine, false);
  await model.fit(data, { batchSize: 8, strategy: parameterServer({ replicas: 2 }) });
  expect(largestNorm(model.weights[0].dataSync())).toBeGreaterThan(1.3);
  expect(words[1]).toBeGreaterThan(0);
});

describe('hogwild has no place for a constraint', () => {
  test('and refuses one before the first step, naming variable and remedy', async () => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const model = constrainedModel(engine);
    const before = model.weights[0].dataSync();
    await expectRefusal(() => model.fit(data, { strategy: hogwild() }), {
      code: 'STRATEGY_CONSTRAINT',
      says: ["variable 'dense/kernel:0' has a constraint", 'strategy: parameterServer()'],
    });
    expect(model.weights[0].dataSync()).toEqual(before);
  });

  test('but takes a model whose constrained layer is frozen', async () => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const model = engine.sequential([
      dense({ units: WIDTH, inputShape: [WIDTH], kernelConstraint: 'nonNeg', trainable: false }),
      dense({ units: WIDTH }),
    ]);
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    const { report } = await model.fit(data, { strategy: hogwild({ replicas: 2 }) });
    expect(report?.updates.applied).toBe(Math.ceil(ROWS / 32));
  });
});
