import { js } from '@convoy/backend-js';
import { createEngine, type FitOptions } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';

const ROWS = 40;
const IN_ORDER = Array.from({ length: ROWS }, (_, i) => i);

/**
 * The order of the examples in each epoch. Inputs are zero and example i has target i, so the model answers 0, nothing
 * is learnt, and the loss of a batch of one is i².
 */
async function orders(seed: number, workers: number | 'inline', options: FitOptions): Promise<number[][]> {
  await using engine = await createEngine({ backend: js(), workers, seed });
  const model = engine.sequential([dense({ units: 1, useBias: false, inputShape: [1] })]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  const data = { x: new Float32Array(ROWS), y: Float32Array.from(IN_ORDER) };
  const epochs: number[][] = [];
  for await (const event of model.fit(data, { ...options, batchSize: 1 })) {
    if (event.type === 'epochBegin') epochs.push([]);
    if (event.type === 'step') epochs.at(-1)?.push(Math.sqrt(event.logs['loss']));
  }
  return epochs;
}

const sorted = (order: readonly number[]) => order.toSorted((a, b) => a - b);

test('each epoch visits every example once, in an order of its own', async () => {
  const [first, second, third] = await orders(1, 2, { epochs: 3 });
  for (const order of [first, second, third]) expect(sorted(order)).toEqual(IN_ORDER);
  expect(first).not.toEqual(IN_ORDER);
  expect(second).not.toEqual(first);
  expect(third).not.toEqual(second);
  expect(third).not.toEqual(first);
});

test('the orders are the same in every run with the same seed, whatever the workers', async () => {
  const once = await orders(1, 2, { epochs: 3 });
  expect(await orders(1, 2, { epochs: 3 })).toEqual(once);
  expect(await orders(1, 'inline', { epochs: 3 })).toEqual(once);
  expect(await orders(2, 2, { epochs: 3 })).not.toEqual(once);
});

test('without shuffling the examples keep their order', async () => {
  expect(await orders(1, 2, { epochs: 2, shuffle: false })).toEqual([IN_ORDER, IN_ORDER]);
});
