import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { conv2dPlugin } from '@convoy/conv2d';
import {
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  simulated,
  synchronous,
  topK,
  type Model,
  type Strategy,
} from '@convoy/engine';
import { layersPlugin } from '@convoy/layers';
import { adam, optimizersPlugin, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { arenaOf } from '../fixtures/arena-of.js';
import { dyingReplica, failingReplica } from '../fixtures/backends.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(64);
const plugins = [conv2dPlugin, layersPlugin, optimizersPlugin];
const world = { computeMs: (replica: number, unit: number) => 1 + ((replica + unit) % 4) };
const optimizer = () => adam({ learningRate: 0.01 });

const simulatedOnes = {
  'a parameter server': simulated(parameterServer({ replicas: 3, staleness: 2 }), world),
  'a parameter server without staleness': simulated(parameterServer({ replicas: 2, staleness: 0 }), world),
  'a parameter server whose rate falls with staleness': simulated(
    parameterServer({ replicas: 3, stalenessAware: true }),
    world,
  ),
  'a parameter server with a codec': simulated(parameterServer({ replicas: 2, codec: topK({ fraction: 0.1 }) }), world),
  'local SGD': simulated(localSgd({ replicas: 3, every: 2 }), world),
  'local SGD with an outer optimizer': simulated(
    localSgd({ replicas: 2, every: 2, outer: sgd({ learningRate: 0.7, momentum: 0.9 }) }),
    world,
  ),
  'elastic averaging': simulated(elasticAveraging({ replicas: 3, every: 2 }), world),
  hogwild: simulated(hogwild({ replicas: 2 }), world),
};
const onThreads: Record<string, Strategy> = {
  'a parameter server': parameterServer({ replicas: 2 }),
  'local SGD': localSgd({ replicas: 2, outer: sgd({ learningRate: 0.7, momentum: 0.9 }) }),
  'elastic averaging': elasticAveraging({ replicas: 2, every: 2 }),
  hogwild: hogwild({ replicas: 2 }),
};

const few = makeImages(24);
const trainedOn = (data: typeof images, model: Model, strategy: Strategy) =>
  model.fit(data, { batchSize: 4, strategy });
const trained = (model: Model, strategy: Strategy) => trainedOn(images, model, strategy);
const stateOf = (model: Model) => ({
  bits: bitsOf(model),
  state: model.training.variables.map((variable) => variable.dataSync()),
  counts: [model.training.steps, model.training.epochs],
});

describe('a model that is saved, loaded and trained on is the model that was trained on, bit for bit, under', () => {
  for (const [name, strategy] of Object.entries(simulatedOnes)) {
    test(name, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'convoy-'));
      await using engine = await tinyEngine({ workers: 'inline', plugins });
      const model = tinyModel(engine, { optimizer: optimizer(), dropoutRate: 0.2 });
      await trained(model, strategy);
      await model.save(folder);
      await using another = await tinyEngine({ workers: 'inline', plugins });
      const loaded = await another.load(folder);
      expect(stateOf(loaded)).toEqual(stateOf(model));
      await Promise.all([trained(model, strategy), trained(loaded, strategy)]);
      expect(stateOf(loaded)).toEqual(stateOf(model));
      expect(model.training.epochs).toBe(2);
      await rm(folder, { recursive: true });
    });
  }
});

test('one model trains with one strategy after another, and with none in between, and learns all the time', async () => {
  await using engine = await tinyEngine({ workers: 2 });
  const model = tinyModel(engine, { optimizer: optimizer() });
  const losses: number[] = [];
  for (const strategy of [
    synchronous(),
    onThreads['a parameter server'],
    synchronous({ claim: 'static' }),
    simulatedOnes['hogwild'],
    onThreads['local SGD'],
    onThreads['hogwild'],
    synchronous(),
    onThreads['elastic averaging'],
    simulatedOnes['a parameter server whose rate falls with staleness'],
    simulatedOnes['a parameter server without staleness'],
  ]) {
    const { history, report } = await model.fit(images, { batchSize: 4, epochs: 2, strategy });
    losses.push(history.loss[1]);
    expect(report === null).toBe(strategy.kind === 'synchronous');
  }
  expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]);
  expect((await model.evaluate(images)).accuracy).toBe(1);
});

describe('memory is flat over many fits', () => {
  test('of every strategy, on threads and simulated', async () => {
    await using engine = await tinyEngine({ workers: 1 });
    const arena = arenaOf(engine);
    const model = tinyModel(engine, { optimizer: optimizer() });
    await model.evaluate(few);
    const before = arena.available;
    for (let round = 0; round < 2; round++) {
      for (const strategy of Object.values(simulatedOnes)) await trainedOn(few, model, strategy);
      expect(arena.available).toBe(before);
    }
    for (const name of ['local SGD', 'hogwild']) await trainedOn(few, model, onThreads[name]);
    expect(arena.available).toBe(before);
  });

  test('also when what is trainable changes at a fence, when it is aborted, and when it is refused', async () => {
    await using engine = await tinyEngine({ workers: 1 });
    const arena = arenaOf(engine);
    const model = tinyModel(engine, { optimizer: optimizer() });
    await model.evaluate(few);
    const before = arena.available;
    const [first] = model.layers;
    for (const strategy of [
      simulatedOnes['a parameter server whose rate falls with staleness'],
      simulatedOnes['local SGD with an outer optimizer'],
      simulatedOnes['elastic averaging'],
      simulatedOnes.hogwild,
      onThreads['a parameter server'],
    ]) {
      const onFence = () => void (first.trainable = !first.trainable);
      await model.fit(few, { batchSize: 4, strategy, stepsPerFence: 3, callbacks: { onFence } });
      first.trainable = true;
      const controller = new AbortController();
      const abort = () => controller.abort();
      const run = model.fit(few, {
        batchSize: 4,
        strategy,
        signal: controller.signal,
        stepsPerFence: 2,
        callbacks: { onFence: abort },
      });
      await expect(Promise.resolve(run)).rejects.toMatchObject({ name: 'AbortError' });
      const unfit = model.fit({ x: few.x.subarray(1), y: few.y }, { strategy });
      await expect(Promise.resolve(unfit)).rejects.toThrow();
      expect(arena.available).toBe(before);
    }
  });

  test('also when threads die and kernels fail', async () => {
    for (const backend of [dyingReplica('conv2d', 2, 2), failingReplica('conv2d', 2)]) {
      await using engine = await tinyEngine({ workers: 'inline', backend });
      const arena = arenaOf(engine);
      const model = tinyModel(engine, { optimizer: optimizer() });
      await model.evaluate(few);
      const before = arena.available;
      await trainedOn(few, model, onThreads['local SGD']).then(undefined, () => undefined);
      expect(arena.available).toBe(before);
    }
  });
});
