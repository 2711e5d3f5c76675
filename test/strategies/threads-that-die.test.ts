import { setTimeout } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import {
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  RuntimeError,
  type Backend,
  type ReplicaStrategy,
} from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delayed, dyingReplica, failingReplica } from '../fixtures/backends.js';
import { nextThreadNumber } from '../fixtures/next-thread-number.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(108);
const optimizer = () => sgd({ learningRate: 0.05, momentum: 0.9 });
const REPLICAS = 3;

/** All threads of this process, as they start. */
const threads: Worker[] = [];
const started = (worker: Worker) => void threads.push(worker);
beforeAll(() => void process.on('worker', started));
afterAll(() => void process.off('worker', started));

const strategies: Record<string, ReplicaStrategy> = {
  'a parameter server': parameterServer({ replicas: REPLICAS, staleness: 2 }),
  'a parameter server without staleness': parameterServer({ replicas: REPLICAS, staleness: 0 }),
  'local SGD': localSgd({ replicas: REPLICAS, every: 3 }),
  'elastic averaging': elasticAveraging({ replicas: REPLICAS, every: 2 }),
  hogwild: hogwild({ replicas: REPLICAS }),
};

interface Options {
  readonly replicas?: number;
  /** Called once, as training begins. */
  readonly meanwhile?: () => void;
}

/** Two epochs, and how they ended; `again` trains the same model once more. */
async function train(
  strategy: ReplicaStrategy,
  backend: Backend,
  { replicas = REPLICAS, meanwhile }: Options = {},
  again = false,
) {
  await using engine = await tinyEngine({ workers: 'inline', backend });
  const model = tinyModel(engine, { optimizer: optimizer(), dropoutRate: 0.2 });
  const callbacks = { onEpochBegin: (epoch: number) => void (epoch === 0 && meanwhile?.()) };
  const end = await model.fit(images, { batchSize: 4, epochs: 2, strategy: { ...strategy, replicas }, callbacks }).then(
    (history) => ({ history, error: null }),
    (error: unknown) => ({ history: null, error: error as RuntimeError }),
  );
  const { steps } = model.training;
  for (const variable of model.weights) expect(variable.dataSync().every(Number.isFinite)).toBe(true);
  const bits = bitsOf(model);
  if (again) {
    const { history, workersLost } = await model.fit(images, { strategy: { ...strategy, replicas } });
    expect(workersLost).toBe(0);
    expect(history.loss.every(Number.isFinite)).toBe(true);
    expect(bitsOf(model)).not.toEqual(bits);
  }
  return { ...end, steps, bits };
}

const EPOCH = images.y.length / 4;

/** A different point of the step for each strategy. */
const points = [
  ['conv2d', 2],
  ['conv2dFilterGradient', 31],
  ['maxPool2dGradient', 0],
  ['randomUniform', 40],
  ['sparseSoftmaxCrossEntropy', 17],
] as const;

describe('when a replica ends its own thread in mid-step the others do all batches, under', () => {
  for (const [i, [name, strategy]] of Object.entries(strategies).entries()) {
    const [kernel, at] = points[i];
    test(`${name}: at ${kernel} number ${at}`, async () => {
      const { history, error, steps } = await train(strategy, dyingReplica(kernel, at));
      expect(error).toBeNull();
      expect(history?.workersLost).toBe(1);
      expect(history?.report?.replicas.filter(({ lost }) => lost).length).toBe(1);
      const batches = history?.report?.replicas.reduce((sum, each) => sum + each.batches, 0) ?? 0;
      expect(batches).toBeGreaterThanOrEqual(2 * EPOCH);
      const perStep = name.endsWith('without staleness') ? REPLICAS : 1;
      // A step that a replica has trained alone and not told of is in its own count only.
      expect(steps).toBeGreaterThanOrEqual((2 * EPOCH) / perStep - 3);
      expect(steps).toBeLessThanOrEqual((2 * EPOCH) / perStep);
      if (strategy.trains === 'gradients') expect(steps).toBe((2 * EPOCH) / perStep);
    });
  }
});

describe('when replicas are ended from outside, at any moment, the run goes on with the rest, under', () => {
  for (const [name, strategy] of Object.entries(strategies)) {
    test(name, async () => {
      const killing: Promise<unknown>[] = [];
      const meanwhile = (): void => {
        // The owner starts before its replicas, and they are the last that have started.
        for (const [i, replica] of threads.slice(-REPLICAS).slice(1).entries()) {
          killing.push(setTimeout(5 + 20 * i + 30 * Math.random()).then(() => replica.terminate()));
        }
      };
      const { history, error } = await train(strategy, delayed(2), { meanwhile });
      await Promise.all(killing);
      expect(error).toBeNull();
      expect(history?.workersLost).toBe(2);
      expect(history?.report?.replicas.map(({ lost }) => lost)).toEqual([false, true, true]);
    });
  }
});

test('a replica that ends between two epochs counts as one that ends in the middle of one', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const { workersLost, report } = await tinyModel(engine).fit(images, {
    batchSize: 4,
    epochs: 2,
    strategy: parameterServer({ replicas: 2 }),
    callbacks: { onEpochEnd: (epoch) => void (epoch === 0 && threads.at(-1)?.terminate()) },
  });
  expect(workersLost).toBe(1);
  expect(report?.replicas.map(({ lost }) => lost)).toEqual([false, true]);
  expect(report?.updates.applied).toBe(2 * EPOCH);
});

describe('when all replicas end, the run ends with an error and the weights of the last whole update, and the model trains again, under', () => {
  for (const [name, strategy] of Object.entries(strategies)) {
    test(name, async () => {
      const { error } = await train(
        strategy,
        dyingReplica('conv2d', 12, 2),
        { replicas: 2 },
        strategy.trains === 'own',
      );
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error).toMatchObject({ code: 'WORKER_DIED' });
      expect(error?.message).toBe(
        'fit: the threads of all replicas have ended; the weights are those of the last whole update',
      );
    });
  }

  test('a parameter server, whose weights are then those of its record', async () => {
    const strategy = parameterServer({ replicas: 2, staleness: 0 });
    const dead = await train(strategy, dyingReplica('conv2d', 12, 2), { replicas: 2 });
    expect(dead.error).toMatchObject({ code: 'WORKER_DIED' });
    await using engine = await tinyEngine({ workers: 'inline' });
    const model = tinyModel(engine, { optimizer: optimizer(), dropoutRate: 0.2 });
    const bits = [bitsOf(model)];
    await model.fit(images, {
      batchSize: 8,
      shards: 2,
      epochs: 2,
      stepsPerFence: 1,
      callbacks: { onFence: () => void bits.push(bitsOf(model)) },
    });
    expect(dead.steps).toBeGreaterThan(3);
    expect(dead.bits).toEqual(bits[dead.steps]);
  });
});

describe('when a kernel throws, the run ends with its place, and the model trains again, under', () => {
  for (const [name, strategy] of Object.entries(strategies).filter((_, i) => i % 2 === 0)) {
    test(name, async () => {
      const { error } = await train(strategy, failingReplica('maxPool2dGradient', 10), { replicas: 1 }, true);
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error).toMatchObject({ code: 'KERNEL_FAILED' });
      expect(error?.message).toMatch(/^replica \d, .*maxPool2dGradient.*max_pooling2d.*: this kernel fails on purpose/);
    });
  }

  test('a parameter server, whose owner it is that throws', async () => {
    const strategy = strategies['a parameter server'];
    const { error } = await train(strategy, failingReplica('treeSum', 10), { replicas: 1 });
    expect(error).toMatchObject({ code: 'KERNEL_FAILED' });
    expect(error?.message).toMatch(/^owner of the parameters, .*this kernel fails on purpose/);
  });
});

test('no thread outlives its run, whatever became of it', async () => {
  const before = await nextThreadNumber();
  threads.length = 0;
  await train(strategies['local SGD'], dyingReplica('conv2d', 5), { replicas: 2 });
  await train(strategies['hogwild'], failingReplica('conv2d', 5), { replicas: 1 });
  await train(strategies['elastic averaging'], dyingReplica('conv2d', 5), { replicas: 1 });
  expect(await nextThreadNumber()).toBeGreaterThan(before);
  expect(threads.filter(({ threadId }) => threadId !== -1)).toEqual([]);
});
