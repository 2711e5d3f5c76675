import { add, RuntimeError, ValueError } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { bitsOf, tinyEngine } from '../fixtures/tiny.js';

const line = (units = 1) => dense({ units, useBias: false, kernelInitializer: 'ones' });
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

test('a layer shared by two models is trained by both, and what only one has keeps its bits', async () => {
  for (const workers of [1, 'inline'] as const) {
    await using engine = await tinyEngine({ workers });
    const input = engine.input({ shape: [2] });
    const [shared, left, right] = [dense({ units: 3 }), dense({ units: 1 }), dense({ units: 1 })];
    const hidden = shared.apply(input);
    const models = [left, right].map((head) => engine.model({ inputs: input, outputs: head.apply(hidden) }));
    for (const model of models) model.compile({ optimizer: sgd({ learningRate: 0.001 }), loss: 'meanSquaredError' });
    const [a, b] = models;
    // An odd number of steps leaves the state on its other side.
    const data = { x: Float32Array.of(1, 2, 3, 4, 5, 6), y: Float32Array.of(1, 0, 1) };
    for (const [trained, other, head] of [
      [a, b, right],
      [b, a, left],
      [a, b, right],
    ] as const) {
      const [before, headBefore] = [bitsOf(trained), head.kernel?.dataSync()];
      await trained.fit(data, { batchSize: 1 });
      expect(bitsOf(trained)).not.toEqual(before);
      expect(head.kernel?.dataSync()).toEqual(headBefore);
      const sharedBits = Object.entries(bitsOf(trained)).filter(([name]) => name.startsWith('dense/'));
      expect(sharedBits.length).toBe(2);
      expect(bitsOf(other)).toMatchObject(Object.fromEntries(sharedBits));
    }
  }
});

test('several inputs and outputs: data, losses and metrics go by their order', async () => {
  await using engine = await tinyEngine({ workers: 2 });
  const [wide, narrow] = [engine.input({ shape: [2], name: 'wide' }), engine.input({ shape: [1], name: 'narrow' })];
  const [one, two] = [line(), line()];
  const [sumOfWide, ofNarrow] = [one.apply(wide), two.apply(narrow)];
  const model = engine.model({ inputs: [wide, narrow], outputs: [add(sumOfWide, ofNarrow), ofNarrow] });
  const x = [Float32Array.of(1, 2, 3, 4), Float32Array.of(10, 20)];
  const [both, second] = await model.predictAll(x);
  expect([...both.dataSync()]).toEqual([13, 27]);
  expect([...second.dataSync()]).toEqual([10, 20]);
  expect((await model.predict(x)).dataSync()).toEqual(both.dataSync());

  model.compile({ optimizer: sgd({ learningRate: 0.001 }), loss: 'meanSquaredError' });
  const y = [Float32Array.of(12, 27), Float32Array.of(10, 18)];
  // Means over two examples of (13 − 12)² + 0 and 0 + (20 − 18)².
  expect(await model.evaluate({ x, y })).toEqual({ loss: 2.5 });
  await model.fit({ x, y });
  // dL/dw = Σ 2 · error · x / 2: of the first output 1 for the first example, of the second 2 for the second.
  expect([...(one.kernel?.dataSync() ?? [])].map((w) => Math.round((1 - w) * 1e5) / 100)).toEqual([1, 2]);
  expect(two.kernel?.dataSync()[0]).toBeCloseTo(1 - 0.001 * (1 * 10 + 2 * 20), 6);
});

test('each output may have a loss of its own', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const input = engine.input({ shape: [2] });
  const [value, kind] = [line(1), line(3)];
  const model = engine.model({ inputs: input, outputs: [value.apply(input), kind.apply(input)] });
  model.compile({
    optimizer: sgd(),
    loss: ['meanSquaredError', 'sparseCategoricalCrossentropy'],
  });
  const { loss } = await model.evaluate({ x: Float32Array.of(1, 1), y: [Float32Array.of(0), Int32Array.of(2)] });
  expect(loss).toBeCloseTo(4 + Math.log(3), 5);
});

test('two outputs of one shared layer have a metric each', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const inputs = [engine.input({ shape: [2] }), engine.input({ shape: [2] })];
  const shared = line(3);
  const model = engine.model({ inputs, outputs: inputs.map((input) => shared.apply(input)) });
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const x = [Float32Array.of(1, 1), Float32Array.of(1, 1)];
  // All logits are equal, so class 0 is the answer.
  const { loss, ...accuracies } = await model.evaluate({ x, y: [Int32Array.of(0), Int32Array.of(1)] });
  expect(loss).toBeCloseTo(2 * Math.log(3), 5);
  expect(Object.values(accuracies)).toEqual([1, 0]);
});

test('a layer applied twice has one set of weights, and its gradient is the sum of both uses', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const input = engine.input({ shape: [1] });
  const layer = line();
  const model = engine.model({ inputs: input, outputs: layer.apply(layer.apply(input)) });
  expect(model.weights.length).toBe(1);
  model.compile({ optimizer: sgd({ learningRate: 0.01 }), loss: 'meanSquaredError' });
  await model.fit({ x: Float32Array.of(2), y: Float32Array.of(0) });
  // loss = (w² x)²; dL/dw = 4 w³ x²
  expect(layer.kernel?.dataSync()[0]).toBeCloseTo(1 - 0.01 * 16, 6);
});

test('a model that needs an input which is not listed is refused by name', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const [a, b] = [engine.input({ shape: [1], name: 'a' }), engine.input({ shape: [1], name: 'b' })];
  expect(() => engine.model({ inputs: a, outputs: add(a, b) })).toThrow(ValueError);
  expect(() => engine.model({ inputs: a, outputs: add(a, b) })).toThrow(/depend on the input 'b'/);
});

test('fit and evaluate before compile are refused, predict is not', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const model = engine.sequential([dense({ units: 1, kernelInitializer: 'ones', inputShape: [2] })]);
  const data = { x: Float32Array.of(1, 2), y: Float32Array.of(0) };
  expect(() => model.fit(data)).toThrow(RuntimeError);
  expect(() => model.evaluate(data)).toThrow(/call model\.compile/);
  expect(sum((await model.predict(data.x)).dataSync())).toBe(3);
});
