import { parameterServer, simulated, type Link, type ReplicaReport, type ReplicaStrategy } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { delayed } from '../fixtures/backends.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
type Order = NonNullable<ReplicaReport['order']>;

async function train(strategy: ReplicaStrategy, backend = delayed(3)) {
  await using engine = await tinyEngine({ workers: 'inline', backend });
  const model = tinyModel(engine, { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 });
  const { report, history } = await model.fit(images, { batchSize: 4, strategy });
  return { bits: bitsOf(model), order: report?.order as Order, staleness: report?.staleness, history };
}

/**
 * A world in which that very order happens. The k-th gradient of the order is applied at k + 1. A replica that computed from version v,
 * which is there from v − 1 on and replaced at v, is told to start at v − 1/2, or at 1/2 for the first version.
 */
function worldOf(order: Order) {
  const appliedAt = new Map(order.map(({ unit }, k) => [unit, k + 1]));
  const startAt = new Map(order.map(({ unit, version }) => [unit, version - 0.5]));
  return {
    computeMs: (_replica: number, unit: number) => (appliedAt.get(unit) as number) - (startAt.get(unit) as number),
    latencyMs: ({ to, message, now }: Link) =>
      to === 'owner' ? 0 : (startAt.get((message as { unit: number }).unit) as number) - now,
  };
}

for (const replicas of [2, 3]) {
  for (const staleness of [1, 4]) {
    test(`what ${replicas} threads did with staleness ${staleness}, the simulator does to the same bits`, async () => {
      const strategy = parameterServer({ replicas, staleness, record: true });
      const onThreads = await train(strategy);
      const again = await train(simulated(strategy, worldOf(onThreads.order)));
      expect(again.order).toEqual(onThreads.order);
      expect(again.bits).toEqual(onThreads.bits);
      expect(again.staleness).toEqual(onThreads.staleness);
      expect(again.history).toEqual(onThreads.history);
    });
  }
}

test('another order ends at other bits', async () => {
  const strategy = parameterServer({ replicas: 3, staleness: 4, record: true });
  const [one, two] = [
    await train(simulated(strategy, { computeMs: 1 })),
    await train(simulated(strategy, { computeMs: (replica) => 1 + replica })),
  ];
  expect(one.order).not.toEqual(two.order);
  expect(one.bits).not.toEqual(two.bits);
});
