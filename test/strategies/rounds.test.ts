import { parameterServer, simulated, type EngineOptions, type ReplicaStrategy } from '@convoy/engine';
import { adam, sgd } from '@convoy/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { delayed, dyingReplica } from '../fixtures/backends.js';
import { bitsOf, makeImages, tinyEngine, tinyModel, type TinyOptions } from '../fixtures/tiny.js';

/** The last batch is short for 2 replicas and more, and a replica's last part is short or missing. */
const images = makeImages(75);
const EACH = 6;

type Way = { replicas: number; strategy?: ReplicaStrategy; engine?: Partial<EngineOptions>; recipe: TinyOptions };

/** Two epochs: weights, optimizer values and losses, and how many were lost. */
async function train({ replicas, strategy, engine: options, recipe }: Way) {
  await using engine = await tinyEngine({ workers: 'inline', ...options });
  const model = tinyModel(engine, recipe);
  const how = strategy ? { batchSize: EACH, strategy } : { batchSize: replicas * EACH, shards: replicas };
  const { history, workersLost } = await model.fit(images, { epochs: 2, ...how });
  return {
    same: {
      bits: bitsOf(model),
      history,
      steps: model.training.steps,
      state: model.training.variables.map((v) => v.dataSync()),
    },
    workersLost,
  };
}

const recipes: Record<string, TinyOptions> = {
  'gradient descent and dropout': { dropoutRate: 0.4 },
  momentum: { optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }) },
  'Adam and dropout': { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.4 },
};

describe('without staleness, R replicas have the bits of synchronous training with R shards, a short last batch included', () => {
  const expected = new Map<string, Awaited<ReturnType<typeof train>>['same']>();
  const all = Object.entries(recipes).flatMap(([name, recipe]) =>
    [1, 2, 3, 4, 5].map((replicas) => ({ name, recipe, replicas, key: `${name} ${replicas}` })),
  );
  beforeAll(async () => {
    for (const { key, recipe, replicas } of all) expected.set(key, (await train({ recipe, replicas })).same);
  });
  const strategyOf = (replicas: number) => parameterServer({ replicas, staleness: 0 });

  for (const { key, name, recipe, replicas } of all) {
    test(`simulated, ${replicas} replicas with ${name}, one slow and one lost`, async () => {
      const world = {
        computeMs: (replica: number, unit: number) => 1 + ((replica * 5 + unit * 3) % 7),
        latencyMs: 0.3,
        losses: replicas === 1 ? [] : [{ replica: 1, atMs: 12 }],
      };
      const { same, workersLost } = await train({ recipe, replicas, strategy: simulated(strategyOf(replicas), world) });
      expect(same).toEqual(expected.get(key));
      expect(workersLost).toBe(replicas === 1 ? 0 : 1);
    });
  }

  for (const [name, replicas] of [
    ['gradient descent and dropout', 1],
    ['Adam and dropout', 2],
    ['momentum', 3],
    ['Adam and dropout', 5],
  ] as const) {
    test(`on threads, ${replicas} replicas with ${name}`, async () => {
      const { same } = await train({ recipe: recipes[name], replicas, strategy: strategyOf(replicas) });
      expect(same).toEqual(expected.get(`${name} ${replicas}`));
    });
  }

  test('on 4 threads with delays', async () => {
    const name = 'Adam and dropout';
    const engine = { backend: delayed(2) };
    const { same } = await train({ recipe: recipes[name], replicas: 4, strategy: strategyOf(4), engine });
    expect(same).toEqual(expected.get(`${name} 4`));
  });

  for (const [kernel, at] of [
    ['conv2d', 0],
    ['conv2dFilterGradient', 5],
    ['maxPool2dGradient', 17],
  ] as const) {
    test(`on 3 threads, of which one ends itself at ${kernel} number ${at}`, async () => {
      const name = 'Adam and dropout';
      const engine = { backend: dyingReplica(kernel, at) };
      const { same, workersLost } = await train({
        recipe: recipes[name],
        replicas: 3,
        strategy: strategyOf(3),
        engine,
      });
      expect(workersLost).toBe(1);
      expect(same).toEqual(expected.get(`${name} 3`));
    });
  }
});
