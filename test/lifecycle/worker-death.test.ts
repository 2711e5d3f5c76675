import { RuntimeError, type Backend } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { dying, failing } from '../fixtures/backends.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
const recipe = { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 };

/** Two epochs; the weights after the last whole step, and how it ended. */
async function train(workers: number, backend?: Backend) {
  await using engine = await tinyEngine({ workers, ...(backend && { backend }) });
  const model = tinyModel(engine, recipe);
  const afterSteps = [bitsOf(model)];
  const onFence = () => void afterSteps.push(bitsOf(model));
  const end = await model.fit(images, { epochs: 2, stepsPerFence: 1, callbacks: { onFence } }).then(
    (history) => ({ history, error: null }),
    (error: unknown) => ({ history: null, error: error as RuntimeError }),
  );
  return { ...end, bits: bitsOf(model), afterSteps, steps: model.training.steps };
}

let undisturbed: Awaited<ReturnType<typeof train>>;
beforeAll(async () => {
  undisturbed = await train(2);
});

describe('a worker that dies in mid-step', () => {
  for (const workers of [1, 2, 3]) {
    for (const step of [0, 2, 5]) {
      test(`costs nothing but time: ${workers} workers, step ${step} of 0 to 5`, async () => {
        const { bits, history } = await train(workers, dying(step, 1));
        expect(bits).toEqual(undisturbed.bits);
        expect(history?.workersLost).toBe(1);
      });
    }
  }

  test('may die again at the same step', async () => {
    const { bits, history } = await train(1, dying(2, 2));
    expect(bits).toEqual(undisturbed.bits);
    expect(history?.workersLost).toBe(2);
  });

  test('changes neither predict nor evaluate', async () => {
    await using sound = await tinyEngine();
    const expected = tinyModel(sound);
    await using engine = await tinyEngine({ backend: dying(0, 1) });
    const answer = await tinyModel(engine).predict(images.x, { batchSize: 16 });
    expect(answer.dataSync()).toEqual((await expected.predict(images.x, { batchSize: 16 })).dataSync());
    await using another = await tinyEngine({ backend: dying(0, 1) });
    expect(await tinyModel(another).evaluate(images)).toEqual(await expected.evaluate(images));
  });
});

describe('workers that die again and again at one step', () => {
  for (const workers of [1, 2, 3]) {
    test(`end the run with an error and the weights of the last whole step: ${workers} workers`, async () => {
      const { bits, error, steps } = await train(workers, dying(2, Infinity));
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error?.code).toBe('WORKER_DIED');
      expect(error?.message).toMatch(
        /step 2: worker threads died 3 times in a row.*weights are those of the last whole step/,
      );
      expect(steps).toBe(2);
      expect(bits).toEqual(undisturbed.afterSteps[2]);
    });
  }
});

describe('a kernel that throws', () => {
  for (const workers of [1, 2, 'inline'] as const) {
    test(`ends the run with its place, and the engine goes on from the last whole step: workers ${workers}`, async () => {
      await using engine = await tinyEngine({ workers, backend: failing(2) });
      const model = tinyModel(engine, recipe);
      const error = await model.fit(images, { epochs: 2 }).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error).toMatchObject({ code: 'KERNEL_FAILED' });
      expect(String(error)).toMatch(/call \d+ \w+.*(shard|range) \d+: this kernel fails on purpose/);
      expect(model.training.steps).toBe(2);
      expect(bitsOf(model)).toEqual(undisturbed.afterSteps[2]);
      await model.fit(images);
      expect(model.training.steps).toBe(5);
    });
  }
});
