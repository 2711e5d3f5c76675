import {
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  simulate,
  simulated,
  type ReplicaStrategy,
  type World,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { recorded, type Line } from '../fixtures/recorded.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const BATCHES = 14;
const REPLICAS = 3;
const world: World = {
  computeMs: (replica, unit) => 2 + ((replica * 5 + unit * 3) % 7),
  latencyMs: ({ from, to }) => 0.25 * (1 + (from === 'owner' ? Number(to) : from)),
  updateMs: 0.5,
  megabytesPerSecond: 8,
};
const strategies: Record<string, ReplicaStrategy> = {
  'a parameter server of staleness 1': parameterServer({ staleness: 1 }),
  'a parameter server without a bound': parameterServer({ staleness: Infinity }),
  'a parameter server without staleness': parameterServer({ staleness: 0 }),
  'local SGD': localSgd({ every: 3 }),
  'elastic averaging': elasticAveraging({ every: 2 }),
  hogwild: hogwild(),
};

type Loss = { readonly replica: number; readonly atMs: number };

async function run(given: ReplicaStrategy, losses: readonly Loss[]) {
  const { strategy, log } = recorded(given, 2000);
  // The moments at which messages leave are those at which something has happened.
  const moments = new Set<number>();
  const report = await simulate(strategy, {
    ...world,
    latencyMs: (link) => {
      moments.add(link.now);
      const latency = (world.latencyMs as (of: typeof link) => number)(link);
      moments.add(link.now + latency);
      return latency;
    },
    replicas: REPLICAS,
    batches: BATCHES,
    megabytes: 0.004,
    losses,
  });
  return { report, lines: log(), moments: [...moments].toSorted((a, b) => a - b) };
}

/** Batches that count, and those that a lost replica has trained by itself, whose result it took along. */
function batchesOf(lines: readonly Line[]): { counted: number[]; takenAlong: number[] } {
  const unitsOf = (what: Line['what'], who: (replica: number) => boolean) =>
    lines.filter((line) => line.what === what && who(line.who)).map(({ unit }) => unit);
  const lost = new Set(lines.filter(({ what }) => what === 'lost').map(({ who }) => who));
  const applied = unitsOf('apply', () => true);
  if (applied.length > 0) return { counted: applied, takenAlong: [] };
  return {
    counted: unitsOf('finish', (replica) => !lost.has(replica)),
    takenAlong: unitsOf('finish', (replica) => lost.has(replica)),
  };
}

describe('a replica that is lost at any event of a run holds nothing up: every batch is done, once, or left with who did it', () => {
  for (const [name, strategy] of Object.entries(strategies)) {
    test(`under ${name}`, async () => {
      const { moments } = await run(strategy, []);
      // At each event, just before it, and just after it.
      const times = [0, ...moments.flatMap((at) => [at - 1e-6, at, at + 1e-6]), 1e9].filter((at) => at >= 0);
      expect(times.length).toBeGreaterThan(60);
      for (const atMs of times) {
        for (let replica = 0; replica < REPLICAS; replica++) {
          const { report, lines } = await run(strategy, [{ replica, atMs }]);
          const where = `replica ${replica} at ${atMs}`;
          const { counted, takenAlong } = batchesOf(lines);
          const all = [...counted, ...takenAlong].toSorted((a, b) => a - b);
          expect(all, where).toEqual(Array.from({ length: BATCHES }, (_, unit) => unit));
          // What it has computed, the report says.
          const told = report.replicas.reduce((sum, { batches }) => sum + batches, 0);
          expect(told, where).toBeGreaterThanOrEqual(BATCHES);
          expect(report.replicas.filter(({ lost }) => lost).length, where).toBe(
            lines.some(({ what }) => what === 'lost') ? 1 : 0,
          );
        }
      }
    });

    test(`under ${name}, also when the rest but one follows at any event`, async () => {
      const { moments } = await run(strategy, []);
      for (const atMs of moments) {
        for (const after of [0, 1, 6]) {
          const losses = [
            { replica: 2, atMs },
            { replica: 0, atMs: atMs + after },
          ];
          const { lines } = await run(strategy, losses);
          const { counted, takenAlong } = batchesOf(lines);
          const all = [...counted, ...takenAlong].toSorted((a, b) => a - b);
          expect(all, `${atMs} and ${after}`).toEqual(Array.from({ length: BATCHES }, (_, unit) => unit));
        }
      }
    });

    test(`under ${name}, a run whose replicas are all lost is told as a standstill`, async () => {
      const losses = [0, 1, 2].map((replica) => ({ replica, atMs: 9 + replica }));
      await expect(run(strategy, losses)).rejects.toMatchObject({
        code: 'STANDSTILL',
        message: expect.stringMatching(
          /stands still at [\d.]+ ms with batches left to do: 3 of 3 replicas have ended/,
        ) as string,
      });
    });
  }
});

describe('a model that trains in a simulated world goes on without a lost replica, over epochs and fences', () => {
  const images = makeImages(72);
  for (const [name, strategy] of Object.entries(strategies)) {
    test(`under ${name}`, async () => {
      await using engine = await tinyEngine({ workers: 'inline' });
      const model = tinyModel(engine);
      const { report, workersLost, history } = await model.fit(images, {
        batchSize: 6,
        epochs: 3,
        stepsPerFence: 2,
        callbacks: { onFence: () => undefined },
        strategy: simulated({ ...strategy, replicas: 3 }, { ...world, losses: [{ replica: 1, atMs: 31 }] }),
      });
      expect(workersLost).toBe(1);
      expect(report?.replicas.map(({ lost }) => lost)).toEqual([false, true, false]);
      expect(history.loss.every(Number.isFinite)).toBe(true);
    });

    test(`under ${name}, and when all are lost keeps the weights of the last whole update and says so`, async () => {
      await using engine = await tinyEngine({ workers: 'inline' });
      const model = tinyModel(engine);
      const losses = [0, 1, 2].map((replica) => ({ replica, atMs: 40 + replica }));
      await expect(
        model.fit(images, {
          batchSize: 6,
          epochs: 30,
          strategy: simulated({ ...strategy, replicas: 3 }, { ...world, losses }),
        }),
      ).rejects.toMatchObject({ code: 'WORKER_DIED' });
      for (const variable of model.weights) expect(variable.dataSync().every(Number.isFinite)).toBe(true);
      const { history } = await model.fit(images, {
        batchSize: 6,
        strategy: simulated({ ...strategy, replicas: 3 }, world),
      });
      expect(history.loss[0]).toBeLessThan(Math.log(4) + 0.5);
    });
  }
});
