import { parameterServer, simulate, type ReplicaStrategy } from '@convoy/engine';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { delayed } from '../fixtures/backends.js';
import { recorded, type Line } from '../fixtures/recorded.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

/**
 * What the parties did: of each replica the batches that it was told to compute, and its gradients applied. A replica that starts
 * its step t, from 0, must find t − s gradients and more applied of every live replica.
 *
 * @returns how far a replica was ahead at most, gradients applied, and by how many others' updates the stalest came late
 */
function lookAt(lines: readonly Line[], replicas: number): { lead: number; applied: number; lag: number } {
  const started = Array.from({ length: replicas }, () => 0);
  const done = Array.from({ length: replicas }, () => 0);
  const dead = new Set<number>();
  const seen = Array.from({ length: replicas }, () => 0);
  let [lead, applied, lag] = [0, 0, 0];
  for (const { what, who } of lines) {
    if (what === 'lost') dead.add(who);
    if (what === 'told') {
      const least = Math.min(...done.filter((_, replica) => !dead.has(replica)));
      lead = Math.max(lead, started[who] - least);
      started[who]++;
    }
    if (what === 'pull') seen[who] = applied;
    if (what === 'apply') {
      lag = Math.max(lag, applied - seen[who]);
      done[who]++;
      applied++;
    }
  }
  return { lead, applied, lag };
}

/** A number in [0, 1) that looks random, of two numbers and a seed. */
function noise(seed: number, a: number, b: number): number {
  let h = (seed ^ Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

const adversary = fc.record({
  seed: fc.nat(2 ** 31 - 1),
  replicas: fc.integer({ min: 2, max: 32 }),
  /** One replica is so many times slower than the others. */
  slowest: fc.constantFrom(1, 3, 50, 1000),
  /** Now and then a batch takes so many times longer. */
  hiccup: fc.constantFrom(1, 20, 500),
  latency: fc.constantFrom(0, 0.5, 30),
  lost: fc.option(fc.record({ replica: fc.nat(31), atMs: fc.integer({ min: 0, max: 200 }) }), { nil: null }),
});

let updates = 0;

describe('in 100,000 simulated updates under delays of an adversary, no replica is further ahead than its staleness', () => {
  const BATCHES = 2500;
  for (const staleness of [1, 2, 5, 16]) {
    test(`of ${staleness}, which is made use of`, async () => {
      let most = 0;
      await fc.assert(
        fc.asyncProperty(adversary, async ({ seed, replicas, slowest, hiccup, latency, lost }) => {
          const { strategy, log } = recorded(parameterServer({ replicas, staleness }), 4 * BATCHES + 500);
          const report = await simulate(strategy, {
            replicas,
            batches: BATCHES,
            computeMs: (replica, unit) =>
              (1 + noise(seed, replica, unit)) *
              (replica === 0 ? slowest : 1) *
              (noise(seed, unit, 99) < 0.02 ? hiccup : 1),
            latencyMs: ({ from, to, now }) => latency * noise(seed, from === 'owner' ? Number(to) : from, now),
            losses: lost === null || lost.replica >= replicas ? [] : [lost],
          });
          const { lead, applied, lag } = lookAt(log(), replicas);
          expect(lead).toBeLessThanOrEqual(staleness);
          // A gradient is overtaken by what others started before and while it was computed, at most.
          expect(lag).toBeLessThanOrEqual((2 * staleness + 1) * (replicas - 1));
          expect(applied).toBe(BATCHES);
          // The report says no more and no less.
          expect(report.staleness.length - 1).toBe(lag);
          most = Math.max(most, lead);
          updates += applied;
        }),
        { numRuns: 10, seed: 20 + staleness },
      );
      expect(most).toBe(staleness);
    });
  }

  afterAll(() => expect(updates).toBeGreaterThanOrEqual(100_000));
});

test('without a bound a fast replica leaves a slow one far behind', async () => {
  const { strategy, log } = recorded(parameterServer({ replicas: 4, staleness: Infinity }));
  await simulate(strategy, { batches: 1000, computeMs: (replica) => (replica === 0 ? 500 : 1) });
  expect(lookAt(log(), 4).lead).toBeGreaterThan(100);
});

describe('on threads with delays no replica is further ahead than its staleness', () => {
  const images = makeImages(240);
  async function train(given: ReplicaStrategy, replicas: number) {
    const { strategy, log } = recorded(given);
    await using engine = await tinyEngine({ workers: 'inline', backend: delayed(4) });
    const { report } = await tinyModel(engine).fit(images, { batchSize: 2, strategy });
    return { ...lookAt(log(), replicas), report };
  }

  for (const [staleness, replicas] of [
    [1, 2],
    [2, 4],
    [0, 3],
  ]) {
    test(`of ${staleness}, with ${replicas} replicas`, async () => {
      const { lead, lag, applied, report } = await train(parameterServer({ replicas, staleness }), replicas);
      expect(lead).toBeLessThanOrEqual(staleness);
      expect(applied).toBe(120);
      // A step of staleness 0 is one update, of gradients from all replicas.
      if (staleness === 0) expect(report?.staleness).toEqual([120]);
      else expect(report?.staleness.length).toBe(lag + 1);
    });
  }
});
