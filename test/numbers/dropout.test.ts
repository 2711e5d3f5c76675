import { js } from '@convoy/backend-js';
import { createEngine, defineLoss, type Engine } from '@convoy/engine';
import { activation, dense, dropout } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';

const WIDTH = 500;
const EXAMPLES = 40;

/** The output itself, so that dLoss/doutput is 1 / (width · examples) everywhere. */
const itself = defineLoss('itself', () => ({
  targets: (output) => ({ dtype: 'float32', shape: output }),
  perExample: (output) => output,
}));

/**
 * What dropout did to a field of ones in each of `steps` steps: a dense layer behind it, of one unit and zero weights,
 * moves by the negative of what it saw.
 */
async function seenInTraining(engine: Engine, rate: number, steps: number): Promise<number[][]> {
  const layer = dense({ units: 1, useBias: false, kernelInitializer: 'zeros' });
  const model = engine.sequential([dropout({ rate, inputShape: [WIDTH] }), layer]);
  model.compile({ optimizer: sgd({ learningRate: EXAMPLES }), loss: itself() });
  const seen: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const before = layer.kernel?.dataSync() ?? [];
    const data = { x: new Float32Array(EXAMPLES * WIDTH).fill(1), y: new Float32Array(EXAMPLES) };
    await model.fit(data, { batchSize: EXAMPLES, shuffle: false });
    const after = layer.kernel?.dataSync() ?? [];
    seen.push([...after].map((value, i) => before[i] - value));
  }
  return seen;
}

for (const rate of [0.1, 0.25, 0.5, 0.8]) {
  test(`rate ${rate} drops that share and scales the rest by ${1 / (1 - rate)}`, async () => {
    await using engine = await createEngine({ backend: js(), workers: 'inline', seed: 3 });
    // Each input's sum over the examples is (kept examples) / (1 − rate): a count, times the scale.
    const [sums] = await seenInTraining(engine, rate, 1);
    const kept = sums.map((sum) => sum * (1 - rate));
    for (const count of kept) expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-3);
    const draws = EXAMPLES * WIDTH;
    const share = kept.reduce((a, b) => a + b, 0) / draws;
    // Five standard deviations of the share of `draws` independent draws.
    expect(Math.abs(share - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / draws));
    // Counts over the examples spread as a binomial does: elements are independent, and so are examples.
    const mean = share * EXAMPLES;
    const variance = kept.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (WIDTH - 1);
    expect(variance / (EXAMPLES * rate * (1 - rate))).toBeGreaterThan(1 - 5 * Math.sqrt(2 / WIDTH));
    expect(variance / (EXAMPLES * rate * (1 - rate))).toBeLessThan(1 + 5 * Math.sqrt(2 / WIDTH));
  });
}

test('each step drops other elements', async () => {
  await using engine = await createEngine({ backend: js(), workers: 'inline', seed: 3 });
  const [first, second] = await seenInTraining(engine, 0.5, 2);
  const equal = first.filter((sum, i) => Math.abs(sum - second[i]) < 1e-3).length;
  // Two counts out of 40 fair draws are equal with probability 0.09.
  expect(equal / WIDTH).toBeLessThan(0.2);
});

test('each element of an example is dropped by itself', async () => {
  await using engine = await createEngine({ backend: js(), workers: 'inline', seed: 3 });
  const layer = dense({ units: 1, useBias: false, kernelInitializer: 'zeros' });
  const model = engine.sequential([dropout({ rate: 0.5, inputShape: [WIDTH] }), layer]);
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: itself() });
  await model.fit({ x: new Float32Array(WIDTH).fill(1), y: new Float32Array(1) }, { batchSize: 1 });
  const dropped = [...(layer.kernel?.dataSync() ?? [])].map((moved) => moved === 0);
  for (const distance of [1, 2, 3, 10]) {
    const alike = dropped.slice(distance).filter((one, i) => one === dropped[i]).length;
    // Half of all pairs; five standard deviations.
    expect(Math.abs(alike / (WIDTH - distance) - 0.5), `distance ${distance}`).toBeLessThan(2.5 / Math.sqrt(WIDTH));
  }
  const pairs = dropped.filter((one, i) => i % 2 === 1 && one === dropped[i - 1]).length;
  expect(Math.abs(pairs / (WIDTH / 2) - 0.5)).toBeLessThan(2.5 / Math.sqrt(WIDTH / 2));
});

test('two dropout layers of one model drop different elements', async () => {
  await using engine = await createEngine({ backend: js(), workers: 'inline', seed: 3 });
  const x = engine.input({ shape: [WIDTH] });
  const layers = [0, 1].map(() => dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }));
  const outputs = layers.map((layer) => layer.apply(dropout({ rate: 0.5 }).apply(x)));
  const model = engine.model({ inputs: x, outputs });
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: itself() });
  const data = { x: new Float32Array(WIDTH).fill(1), y: [new Float32Array(1), new Float32Array(1)] };
  await model.fit(data, { batchSize: 1 });
  const [first, second] = layers.map((layer) => [...(layer.kernel?.dataSync() ?? [])]);
  const equal = first.filter((value, i) => value === second[i]).length;
  expect(equal / WIDTH).toBeGreaterThan(0.35);
  expect(equal / WIDTH).toBeLessThan(0.65);
});

test('evaluation and prediction drop nothing', async () => {
  await using engine = await createEngine({ backend: js(), workers: 'inline' });
  const model = engine.sequential([dropout({ rate: 0.9, inputShape: [WIDTH] })]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  const x = Float32Array.from({ length: 2 * WIDTH }, (_, i) => Math.sin(i));
  expect((await model.predict(x)).dataSync()).toEqual(x);
  expect((await model.evaluate({ x, y: x }))['loss']).toBe(0);
  expect(dropout({ rate: 0.9 }).apply(engine.tensor(x)).dataSync()).toEqual(x);
});

test('rate 0 passes everything, in training too', async () => {
  await using engine = await createEngine({ backend: js(), workers: 'inline' });
  const model = engine.sequential([
    activation({ activation: 'linear', inputShape: [WIDTH] }),
    dropout({ rate: 0 }),
    dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }),
  ]);
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: itself() });
  await model.fit({ x: new Float32Array(WIDTH).fill(1), y: new Float32Array(1) });
  expect(model.weights[0].dataSync()).toEqual(new Float32Array(WIDTH).fill(-1));
});
