import { expect, test } from 'vitest';
import { delayed } from '../fixtures/backends.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(400);

for (const workers of [2, 'inline'] as const) {
  test(`evaluate and predict end after the running batch when their signal aborts: workers ${workers}`, async () => {
    await using engine = await tinyEngine({ workers, backend: delayed(1) });
    const model = tinyModel(engine);
    const expected = await model.predict(images.x, { batchSize: 100 });
    for (const call of ['evaluate', 'predict'] as const) {
      const stop = new AbortController();
      const options = { batchSize: 1, signal: stop.signal };
      const answer = call === 'evaluate' ? model.evaluate(images, options) : model.predict(images.x, options);
      setTimeout(() => stop.abort(), 50);
      await expect(answer, call).rejects.toMatchObject({ name: 'AbortError' });
    }
    expect((await model.predict(images.x, { batchSize: 100 })).dataSync()).toEqual(expected.dataSync());
  });
}

test('a signal that is none is refused', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const wrong = { signal: 'soon' } as object;
  expect(() => tinyModel(engine).evaluate(images, wrong)).toThrow(
    /^evaluate: signal must be an AbortSignal, got the string 'soon'/,
  );
});
