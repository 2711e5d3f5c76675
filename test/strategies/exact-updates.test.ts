import { constraints, elasticAveraging, hogwild, localSgd, parameterServer, simulated } from '@convoy/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, ReplicaStrategy } from '@convoy/engine';
import { integerModel, integers, sumOf } from '../fixtures/integers.js';
import { recorded, type Line } from '../fixtures/recorded.js';
import { tinyEngine } from '../fixtures/tiny.js';

const BATCHES = 48;
const data = integers(BATCHES);
const ALL = Array.from({ length: BATCHES }, (_, unit) => unit);
const inactive = constraints.maxNorm({ maxValue: 1e6 });

let engine: Engine;
beforeAll(async () => {
  engine = await tinyEngine({ workers: 'inline' });
});
afterAll(() => engine.dispose());

/** On threads, and in a world where replicas take turns in a wild order. */
const drivers: Record<string, (strategy: ReplicaStrategy) => ReplicaStrategy> = {
  'on threads': (strategy) => strategy,
  'in a simulated world': (strategy) =>
    simulated(strategy, { computeMs: (replica, unit) => 1 + ((replica * 7 + unit * 13) % 9), latencyMs: 0.5 }),
};

async function trained(strategy: ReplicaStrategy, epochs = 1): Promise<number[]> {
  const model = integerModel(engine, { constraint: inactive });
  await model.fit(data, { batchSize: 2, shuffle: false, epochs, strategy });
  return [...model.weights[0].dataSync()];
}

const minus = (sum: readonly number[], share = 1) => sum.map((value) => 0 - value * share);

for (const [where, driver] of Object.entries(drivers)) {
  describe(`with 4 replicas and a constraint that is not active, ${where}`, () => {
    for (const staleness of [0, 1, Infinity]) {
      test(`a parameter server of staleness ${staleness} loses and repeats no update in two epochs`, async () => {
        // A step of staleness 0 is the mean over the batches of all replicas.
        const share = staleness === 0 ? 1 / 4 : 1;
        const strategy = driver(parameterServer({ replicas: 4, staleness }));
        expect(await trained(strategy, 2)).toEqual(minus(sumOf(data, ALL), 2 * share));
      });
    }

    test('the averages of local SGD come to a quarter of the sum of all updates, whoever made them', async () => {
      const strategy = driver(localSgd({ replicas: 4, every: 5 }));
      expect(await trained(strategy, 2)).toEqual(minus(sumOf(data, ALL), 2 / 4));
    });

    test('elastic averaging ends where its meetings lead in exact arithmetic', async () => {
      const { strategy, log } = recorded(elasticAveraging({ replicas: 4, every: 6, rho: 0.5 }));
      const found = await trained(driver(strategy));
      const { centre, updates } = meetings(log());
      expect(updates.toSorted((a, b) => a - b)).toEqual(ALL);
      expect(found).toEqual(centre);
      expect(found).not.toEqual(minus(sumOf(data, [])));
    });
  });
}

/** x ← (x + c) / 2 and c ← (c + x) / 2, with the x and c of before, for each meeting. */
function meetings(lines: readonly Line[]): { centre: number[]; updates: number[] } {
  const zeros = minus(sumOf(data, []));
  const replicas = new Map([0, 1, 2, 3].map((replica) => [replica, zeros]));
  const before = new Map<number, number[]>();
  const updates: number[] = [];
  let centre = zeros;
  for (const { what, who, unit } of lines) {
    const own = replicas.get(who) ?? zeros;
    if (what === 'update') {
      updates.push(unit);
      const step = sumOf(data, [unit]);
      replicas.set(
        who,
        own.map((value, i) => value - step[i]),
      );
    }
    if (what === 'attract') {
      before.set(who, centre);
      centre = centre.map((value, i) => exact((value + own[i]) / 2));
    }
    if (what === 'approach') {
      const met = before.get(who) ?? zeros;
      replicas.set(
        who,
        own.map((value, i) => exact((value + met[i]) / 2)),
      );
    }
  }
  return { centre, updates };
}

/** The test itself must not depend on rounding. */
function exact(value: number): number {
  expect(Math.fround(value)).toBe(value);
  return value;
}

test('hogwild with 4 replicas that take turns loses nothing, and says so', async () => {
  const strategy = simulated(hogwild({ replicas: 4 }), { computeMs: (replica) => 1 + replica });
  const model = integerModel(engine);
  const { report } = await model.fit(data, { batchSize: 2, shuffle: false, strategy });
  expect([...model.weights[0].dataSync()]).toEqual(minus(sumOf(data, ALL)));
  expect(report?.updates).toEqual({ applied: BATCHES, lostShare: 0, partial: 0 });
});

test('hogwild on 4 threads loses at most the share of updates that its probe is allowed to see, of single floats', async () => {
  const model = integerModel(engine);
  const { report } = await model.fit(data, { batchSize: 2, shuffle: false, strategy: hogwild({ replicas: 4 }) });
  expect(report?.updates.applied).toBe(BATCHES);
  expect(report?.updates.lostShare).toBeGreaterThanOrEqual(0);
  expect(report?.updates.lostShare).toBeLessThan(1);
  for (const value of model.weights[0].dataSync()) expect(Number.isInteger(value)).toBe(true);
});
