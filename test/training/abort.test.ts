import { expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
const workers = [1, 2, 'inline'] as const;

/** Weights after so many steps of an undisturbed run. */
async function bitsAfter(steps: number) {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = tinyModel(engine);
  const bits: Record<string, string>[] = [];
  await model.fit(images, {
    epochs: Math.ceil(steps / 3),
    stepsPerFence: 1,
    callbacks: { onFence: () => void bits.push(bitsOf(model)) },
  });
  return bits[steps - 1];
}

test('an abort in mid-epoch rejects with the reason of the signal and keeps the last whole step', async () => {
  for (const count of workers) {
    await using engine = await tinyEngine({ workers: count });
    const model = tinyModel(engine);
    const controller = new AbortController();
    const reason = new Error('enough');
    const loop = async () => {
      for await (const event of model.fit(images, { epochs: 100_000, signal: controller.signal })) {
        if (event.type === 'step') controller.abort(reason);
      }
    };
    await expect(loop()).rejects.toBe(reason);
    expect(model.training.steps).toBeGreaterThan(0);
    expect(bitsOf(model)).toEqual(await bitsAfter(model.training.steps));
  }
});

test('leaving the loop over the events aborts the run, and keeps the last whole step', async () => {
  for (const count of workers) {
    await using engine = await tinyEngine({ workers: count });
    const model = tinyModel(engine);
    const run = model.fit(images, { epochs: 100_000 });
    for await (const event of run) if (event.type === 'step') break;
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(bitsOf(model)).toEqual(await bitsAfter(model.training.steps));
  }
});

test('a signal that is aborted already starts nothing', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  await expect(model.fit(images, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  expect(model.training.steps).toBe(0);
});

test('a timeout signal ends a run that nobody else would end', async () => {
  await using engine = await tinyEngine();
  const run = tinyModel(engine).fit(images, { epochs: 1e9, signal: AbortSignal.timeout(200) });
  await expect(run).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('after an abort the model trains on', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  for await (const event of model.fit(images, { epochs: 1e9 })) if (event.type === 'step') break;
  const before = model.training.steps;
  await model.fit(images, { epochs: 2 });
  expect(model.training.steps).toBe(before + 6);
});
