import { expect, test } from 'vitest';
import { makeImages, PIXELS, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(43);

test('the gradient of a short last batch is the mean over its own examples, in every shard', async () => {
  for (const workers of [2, 'inline'] as const) {
    await using engine = await tinyEngine({ workers });
    const [short, exact] = [tinyModel(engine), tinyModel(engine)];
    exact.weights.forEach((variable, i) => variable.assign(short.weights[i].dataSync()));
    // A full batch of 32 in four shards, then 11 examples in two of them.
    await short.fit(images, { batchSize: 32, shards: 4, shuffle: false });
    const [x, y] = [images.x, images.y];
    await exact.fit(
      { x: x.subarray(0, 32 * PIXELS), y: y.subarray(0, 32) },
      { batchSize: 32, shards: 1, shuffle: false },
    );
    await exact.fit({ x: x.subarray(32 * PIXELS), y: y.subarray(32) }, { batchSize: 11, shards: 1, shuffle: false });
    short.weights.forEach((variable, i) => {
      const [values, expected] = [variable.dataSync(), exact.weights[i].dataSync()];
      values.forEach((value, j) => expect(value, `${variable.name} ${j}`).toBeCloseTo(expected[j], 6));
    });
  }
});
