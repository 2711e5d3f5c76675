import { defineLoss, sqrt, square, sub } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);

describe('a loss that is not finite ends fit with an error and leaves the weights of the step before', () => {
  for (const workers of [1, 3, 'inline'] as const) {
    test(`workers ${workers}`, async () => {
      await using engine = await tinyEngine({ workers });
      const model = tinyModel(engine, { optimizer: sgd({ learningRate: 1e30 }) });
      const fences: unknown[] = [];
      const run = model.fit(images, {
        stepsPerFence: 1,
        callbacks: { onFence: () => void fences.push(bitsOf(model)) },
      });
      await expect(run).rejects.toMatchObject({
        name: 'RuntimeError',
        code: 'NON_FINITE',
        message: expect.stringMatching(
          /^step 2: the loss or a gradient is not finite.*weights are those after step 1.*Lower the learning rate/,
        ) as string,
      });
      expect(fences).toEqual([bitsOf(model)]);
      expect(model.training.steps).toBe(1);
      for (const variable of model.weights) expect(variable.dataSync().every(Number.isFinite)).toBe(true);
    });
  }
});

test('after such an error the model trains on, with a lower rate', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const before = model.weights.map((variable) => variable.dataSync());
  model.learningRate = 1e30;
  await expect(model.fit(images)).rejects.toThrow('not finite');
  model.weights.forEach((variable, i) => variable.assign(before[i]));
  model.learningRate = 0.1;
  const { history } = await model.fit(images, { epochs: 2 });
  expect(history['loss'][1]).toBeLessThan(history['loss'][0]);
});

test('a gradient that is not finite ends fit just so, though the loss is finite', async () => {
  // √((output − target)²) has no derivative where output and target are equal: 0 · ∞.
  const distance = defineLoss('distance', () => ({
    targets: (output) => ({ dtype: 'float32', shape: output }),
    perExample: (output, targets) => sqrt(square(sub(output, targets))),
  }));
  for (const workers of [1, 'inline'] as const) {
    await using engine = await tinyEngine({ workers });
    const model = engine.sequential([dense({ units: 1, inputShape: [2] })]);
    model.compile({ optimizer: sgd(), loss: distance() });
    const before = bitsOf(model);
    const data = { x: new Float32Array(4), y: new Float32Array(2) };
    expect(await model.evaluate(data)).toEqual({ loss: 0 });
    await expect(model.fit(data)).rejects.toMatchObject({ code: 'NON_FINITE' });
    expect(bitsOf(model)).toEqual(before);
    expect(model.training.steps).toBe(0);
  }
});
