import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  simulated,
  type Engine,
  type Model,
  type ReplicaStrategy,
} from '@convoy/engine';
import { dense, layersPlugin } from '@convoy/layers';
import { optimizersPlugin, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { integersPlugin, product } from '../fixtures/integers.js';
import { tinyEngine } from '../fixtures/tiny.js';

const WIDTH = 192;
const ROWS = 48;
const data = { x: new Float32Array(ROWS * WIDTH).fill(1), y: new Float32Array(ROWS * WIDTH).fill(1) };
const someRows = data.x.subarray(0, 16 * WIDTH);

/** A step subtracts 1 from every weight, so weights of one version are equal. */
function countingModel(engine: Engine): Model {
  const model = engine.sequential([
    dense({ units: WIDTH, useBias: false, inputShape: [WIDTH], kernelInitializer: 'zeros' }),
  ]);
  model.compile({ optimizer: sgd({ learningRate: WIDTH }), loss: product() });
  return model;
}

/** The one value that all of them are. */
function theValue(values: ArrayLike<number>): number {
  expect(new Set(Array.from(values)).size).toBe(1);
  return values[0];
}

const strategies: Record<
  string,
  { strategy: ReplicaStrategy; countsSteps: boolean; mayRise?: boolean; mayLose?: boolean }
> = {
  'a parameter server': { strategy: parameterServer({ replicas: 2 }), countsSteps: true },
  'a parameter server without staleness': {
    strategy: parameterServer({ replicas: 2, staleness: 0 }),
    countsSteps: true,
  },
  'a simulated parameter server': {
    strategy: simulated(parameterServer({ replicas: 2 }), { computeMs: 1 }),
    countsSteps: true,
  },
  'local SGD': { strategy: localSgd({ replicas: 2, every: 2 }), countsSteps: false },
  // A replica that has done fewer steps than the other draws the centre back.
  'elastic averaging': {
    strategy: elasticAveraging({ replicas: 2, every: 2, rho: 0.5 }),
    countsSteps: false,
    mayRise: true,
  },
  hogwild: { strategy: hogwild({ replicas: 2 }), countsSteps: false, mayLose: true },
};

describe('while replicas train, whoever asks sees the weights of one version, never an earlier one than before, and the run goes on', () => {
  for (const [name, { strategy, countsSteps, mayRise = false, mayLose = false }] of Object.entries(strategies)) {
    const withFences = ['a parameter server', 'elastic averaging'].includes(name);
    for (const stepsPerFence of withFences ? [undefined, 1] : [undefined]) {
      const how = stepsPerFence === undefined ? 'in one pass' : 'with a fence after every step';
      test(`under ${name}, ${how}`, async () => {
        await using engine = await tinyEngine({
          workers: 1,
          plugins: [layersPlugin, optimizersPlugin, integersPlugin],
        });
        const folder = await mkdtemp(path.join(tmpdir(), 'convoy-'));
        const model = countingModel(engine);
        const [kernel] = model.weights;
        // Hogwild's lost updates leave weights different, which is no tear.
        const valueOf = mayLose ? (values: ArrayLike<number>) => values[0] : theValue;
        const run = { over: false };
        const ask = async (once: () => Promise<number>): Promise<number> => {
          let count = 0;
          let last = Infinity;
          for (; !run.over; count++) {
            await setImmediate();
            const value = await once();
            if (!mayRise) expect(value).toBeLessThanOrEqual(last);
            last = value;
          }
          return count;
        };
        const loss = (value: number) => value / WIDTH;
        let lastSteps = 0;
        const asking = Promise.all([
          ask(async () => valueOf(await kernel.data())),
          ask(async () => {
            const { values, also } = await model.snapshot([kernel], () => model.training.steps);
            const value = valueOf(values[0]);
            expect(also).toBeGreaterThanOrEqual(lastSteps);
            lastSteps = also;
            if (countsSteps) expect(value).toBe(0 - also);
            return value;
          }),
          ask(async () => {
            const { value } = { value: (await model.predict(someRows)).dataSync() };
            return loss(valueOf(value));
          }),
          ask(async () => (await model.evaluate({ x: someRows, y: someRows })).loss / WIDTH),
          ask(async () => {
            await model.save(folder);
            return 0;
          }),
        ]);
        asking.catch(() => undefined);
        let fences = 0;
        const fit = {
          batchSize: 2,
          epochs: stepsPerFence === undefined ? 2 : 1,
          strategy,
          ...(stepsPerFence !== undefined && { stepsPerFence, callbacks: { onFence: () => void fences++ } }),
        };
        const { report } = await model.fit(data, fit).finally(() => (run.over = true));
        for (const count of await asking) expect(count).toBeGreaterThan(0);
        const steps = model.training.steps;
        if (stepsPerFence !== undefined) expect(fences).toBe(steps);
        const batches = (ROWS / 2) * fit.epochs;
        expect(report?.replicas.reduce((sum, each) => sum + each.batches, 0)).toBe(batches);
        if (countsSteps) expect(theValue(kernel.dataSync())).toBe(-steps);
        const loaded = await engine.load(folder);
        const saved = valueOf(loaded.weights[0].dataSync());
        if (countsSteps) expect(saved).toBe(0 - loaded.training.steps);
        await rm(folder, { recursive: true });
      });
    }
  }
});

test('a pass that begins while others wait for the memory lets them have it, and changes nothing under their eyes', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const model = countingModel(engine);
  const many = new Float32Array(800 * WIDTH).fill(1);
  const run = { over: false };
  const predicting = Promise.all(
    [1, 2].map(async () => {
      for (; !run.over; await setImmediate()) theValue((await model.predict(many, { batchSize: 8 })).dataSync());
    }),
  );
  predicting.catch(() => undefined);
  const strategy = parameterServer({ replicas: 2 });
  await model
    .fit(data, { batchSize: 2, strategy, stepsPerFence: 12, callbacks: { onFence: () => undefined } })
    .finally(() => (run.over = true));
  await predicting;
  expect(theValue(model.weights[0].dataSync())).toBe(-ROWS / 2);
});
