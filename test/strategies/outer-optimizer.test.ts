import { localSgd, simulated, type ReplicaStrategy } from '@convoy/engine';
import { adam, sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { integerModel, integers, sumOf } from '../fixtures/integers.js';
import { recorded, type Line } from '../fixtures/recorded.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const data = integers(8);

/** v ← v / 2 − (w − mean), w ← w + v: once for each average, and the mean of what its replicas have trained since the last. */
function outerSteps(lines: readonly Line[], replicas: number): { weights: number[]; averages: number } {
  const zeros = sumOf(data, []);
  let [weights, velocity, averages] = [zeros, zeros, 0];
  let units: number[] = [];
  lines.forEach(({ what, unit }, i) => {
    if (what === 'update') units.push(unit);
    if (what !== 'average' || lines[i - 1]?.what === 'average') return;
    const away = sumOf(data, units).map((value) => value / replicas);
    velocity = velocity.map((v, j) => v / 2 - away[j]);
    weights = weights.map((w, j) => w + velocity[j]);
    units = [];
    averages++;
  });
  return { weights, averages };
}

const ways: Record<string, (strategy: ReplicaStrategy) => ReplicaStrategy> = {
  'on threads': (strategy) => strategy,
  simulated: (strategy) => simulated(strategy, { computeMs: (replica) => 1 + replica }),
};

for (const [name, way] of Object.entries(ways)) {
  test(`the outer optimizer takes one step for each round in which somebody trained, over epochs, ${name}`, async () => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const outer = sgd({ learningRate: 1, momentum: 0.5 });
    const { strategy, log } = recorded(localSgd({ replicas: 2, every: 2, outer }));
    const model = integerModel(engine);
    await model.fit(data, { batchSize: 2, shuffle: false, epochs: 2, strategy: way(strategy) });
    const { weights, averages } = outerSteps(log(), 2);
    expect([...model.weights[0].dataSync()]).toEqual(weights);
    // 8 batches are two rounds of 2 · 2, if both replicas do their share.
    if (name === 'simulated') expect(averages).toBe(4);
    expect(averages).toBeGreaterThanOrEqual(4);
  });
}

test('fences between rounds change no bit, also where the outer optimizer counts its steps', async () => {
  const train = async (stepsPerFence: number) => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const model = tinyModel(engine);
    const strategy = simulated(localSgd({ replicas: 3, every: 2, outer: adam({ learningRate: 0.01 }) }), {
      computeMs: 1,
    });
    await model.fit(makeImages(72), {
      batchSize: 2,
      epochs: 2,
      strategy,
      stepsPerFence,
      callbacks: { onFence: () => undefined },
    });
    return bitsOf(model);
  };
  expect(await train(6)).toEqual(await train(36));
});

test('an average of weights that nobody has trained is not taken: three equal values and their mean may differ', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = tinyModel(engine);
  const { strategy, log } = recorded(localSgd({ replicas: 3, every: 1 }));
  await model.fit(makeImages(12), { batchSize: 2, strategy: simulated(strategy, { computeMs: 1 }) });
  const averages = log().filter(({ what }) => what === 'average').length / 3;
  expect(averages).toBe(2);
});
