import type { Schedule } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { schedules, sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { tinyEngine } from '../fixtures/tiny.js';

const INPUTS = [1, 0.5, 1.5, 0.25];

/**
 * The weight after each step of descent on (w · x)², one example a step, two epochs from w = 1; and what it must be:
 * w ← w − rate(step) · 2 · w · x².
 */
async function descend(learningRate: number | Schedule, rate: (step: number) => number) {
  await using engine = await tinyEngine({ workers: 1 });
  const layer = dense({ units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [1] });
  const model = engine.sequential([layer]);
  model.compile({ optimizer: sgd({ learningRate }), loss: 'meanSquaredError' });
  const weights: number[] = [];
  const onFence = () => void weights.push(layer.kernel?.dataSync()[0] ?? Number.NaN);
  await model.fit(
    { x: Float32Array.from(INPUTS), y: new Float32Array(INPUTS.length) },
    { epochs: 2, batchSize: 1, shuffle: false, stepsPerFence: 1, callbacks: { onFence } },
  );
  let w = 1;
  const expected = [...INPUTS, ...INPUTS].map((x, step) => (w -= rate(step) * 2 * w * x * x));
  return { weights, expected };
}

function expectClose(weights: readonly number[], expected: readonly number[]): void {
  expect(weights.length).toBe(expected.length);
  weights.forEach((weight, i) => expect(weight, `after step ${i}`).toBeCloseTo(expected[i], 5));
}

test('a plain number is the rate of every step', async () => {
  const { weights, expected } = await descend(0.05, () => 0.05);
  expectClose(weights, expected);
});

test('a linear decay reaches the optimizer, step by step', async () => {
  const schedule = schedules.linearDecay({ initialLearningRate: 0.1, endLearningRate: 0.02, decaySteps: 5 });
  const { weights, expected } = await descend(schedule, (step) => 0.1 - 0.08 * Math.min(step / 5, 1));
  expectClose(weights, expected);
});

test('one cycle reaches the optimizer, step by step', async () => {
  const options = { maxLearningRate: 0.1, totalSteps: 8, warmup: 0.5, divFactor: 10, finalDivFactor: 100 };
  // Cosine from 0.01 at step 0 up to 0.1 at step 3, then down to 0.0001 at step 7.
  const half = (from: number, to: number, share: number) => to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1);
  const rate = (step: number) => (step <= 3 ? half(0.01, 0.1, step / 3) : half(0.1, 0.0001, (step - 3) / 4));
  const { weights, expected } = await descend(schedules.oneCycle(options), rate);
  expectClose(weights, expected);
});

test('a schedule is part of the program: its rate can be neither read nor set', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const model = engine.sequential([dense({ units: 1, inputShape: [1] })]);
  const learningRate = schedules.linearDecay({ decaySteps: 5 });
  model.compile({ optimizer: sgd({ learningRate }), loss: 'meanSquaredError' });
  expect(() => model.learningRate).toThrow(/schedule/);
  expect(() => (model.learningRate = 0.1)).toThrow(/schedule/);
});

test('a learning rate that is no number, or below 0, is refused', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const model = engine.sequential([dense({ units: 1, inputShape: [1] })]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  for (const rate of [Number.NaN, -1, Infinity]) {
    expect(() => (model.learningRate = rate), String(rate)).toThrow(/learningRate must be a number >= 0/);
  }
  expect(model.learningRate).toBeCloseTo(0.01, 8);
});
