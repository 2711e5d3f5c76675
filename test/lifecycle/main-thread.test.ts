import { expect, test } from 'vitest';
import { counted, sharedWords } from '../fixtures/backends.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);

/** Kernel runs on the main thread and on all others, of training, evaluation and prediction. */
async function kernelRuns(workers: number | 'inline'): Promise<number[]> {
  const counts = sharedWords(2);
  await using engine = await tinyEngine({ workers, backend: counted(counts) });
  const model = tinyModel(engine);
  await model.fit(images, { epochs: 2, validationData: images });
  await model.evaluate(images);
  await model.predict(images.x);
  return [...counts];
}

test('with a pool no kernel runs on the main thread, inline every one does', async () => {
  const [mainInline, othersInline] = await kernelRuns('inline');
  expect(mainInline).toBeGreaterThan(100);
  expect(othersInline).toBe(0);
  for (const workers of [1, 2]) expect(await kernelRuns(workers)).toEqual([0, mainInline]);
});

test('inline, the event loop turns between two steps of fit, evaluate and predict', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = tinyModel(engine);
  const stepsOfTen = { batchSize: 10 };
  const calls = {
    fit: () => model.fit(images, stepsOfTen),
    evaluate: () => model.evaluate(images, stepsOfTen),
    predict: () => model.predict(images.x, stepsOfTen),
  };
  for (const [name, call] of Object.entries(calls)) {
    let turns = 0;
    let over = false;
    const turn = () => {
      turns++;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    await call();
    over = true;
    expect(turns, name).toBeGreaterThanOrEqual(7);
  }
});
