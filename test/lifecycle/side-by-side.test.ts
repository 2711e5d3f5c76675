import type { Model } from '@convoy/engine';
import { expect, test } from 'vitest';
import { delayed } from '../fixtures/backends.js';
import { bitsOf, CLASSES, makeImages, PIXELS, tinyEngine, tinyModel, type Images } from '../fixtures/tiny.js';

const images = makeImages(160);

test('two engines in one process train at once, each to its own bits', async () => {
  const train = async (seed: number) => {
    await using engine = await tinyEngine({ seed });
    const model = tinyModel(engine, { dropoutRate: 0.2 });
    await model.fit(images, { epochs: 5 });
    return bitsOf(model);
  };
  const alone = [await train(1), await train(2)];
  expect(await Promise.all([train(1), train(2)])).toEqual(alone);
});

test('two models of one engine train one after the other, each to its own bits', async () => {
  const train = async (atOnce: boolean) => {
    await using engine = await tinyEngine();
    const models = [tinyModel(engine), tinyModel(engine)];
    const fit = async (model: Model) => void (await model.fit(images, { epochs: 3 }));
    if (atOnce) await Promise.all(models.map(fit));
    else for (const model of models) await fit(model);
    return models.map(bitsOf);
  };
  expect(await train(true)).toEqual(await train(false));
});

/** Rows that are all the same example. */
function repeated(rows: number): Images {
  const x = Float32Array.from({ length: rows * PIXELS }, (_, i) => images.x[i % PIXELS]);
  return { x, y: new Uint8Array(rows) };
}

test('predict answers during fit, every row with the weights of one step', async () => {
  for (const workers of ['inline', 2] as const) {
    await using engine = await tinyEngine({ workers, backend: delayed(1) });
    const model = tinyModel(engine);
    const answers: string[] = [];
    for await (const event of model.fit(images, { epochs: 1000 })) {
      if (event.type !== 'step') continue;
      const answer = (await model.predict(repeated(100).x, { batchSize: 16 })).dataSync();
      const rows = Array.from({ length: 100 }, (_, i) => answer.slice(i * CLASSES, (i + 1) * CLASSES).join());
      expect(new Set(rows).size).toBe(1);
      answers.push(rows[0]);
      if (answers.length === 5) break;
    }
    expect(new Set(answers).size).toBeGreaterThan(1);
  }
});

test('evaluate during fit sees the weights of one step in all of its batches', async () => {
  const batchSize = 10;
  const losses = new Set<number>();
  {
    await using engine = await tinyEngine();
    const model = tinyModel(engine);
    const onFence = async () => void losses.add((await model.evaluate(repeated(batchSize), { batchSize }))['loss']);
    await model.fit(images, { epochs: 8, stepsPerFence: 1, callbacks: { onFence } });
  }
  await using engine = await tinyEngine({ backend: delayed(1) });
  const model = tinyModel(engine);
  const seen = new Set<number>();
  for await (const event of model.fit(images, { epochs: 8 })) {
    if (event.type !== 'step') continue;
    const { loss } = await model.evaluate(repeated(5 * batchSize), { batchSize });
    expect(losses).toContain(loss);
    seen.add(loss);
  }
  expect(seen.size).toBeGreaterThan(1);
});
