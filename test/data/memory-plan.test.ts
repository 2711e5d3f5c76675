import { expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
/** Two slots of 2²³ images of 256 bytes are 4 GiB. */
const HUGE = 2 ** 23;

/** Threads of this process. */
function threads(): number {
  return (process.report.getReport() as { workers: unknown[] }).workers.length;
}

test('a plan over 4 GiB is refused before any thread starts, with its table and the remedy', async () => {
  await using engine = await tinyEngine({ workers: 2 });
  const model = tinyModel(engine);
  const [before, bits] = [threads(), bitsOf(model)];
  const calls: Record<string, () => PromiseLike<unknown>> = {
    fit: () => model.fit(images, { batchSize: HUGE }),
    evaluate: () => model.evaluate(images, { batchSize: HUGE }),
    predict: () => model.predict(images.x, { batchSize: HUGE }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = await call().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'ValueError', code: 'MEMORY' });
    const [says, ...table] = (error as Error).message.split('\n');
    expect(says).toBe(
      `program '${name}' with batch size ${HUGE} does not fit into memory; use a smaller batchSize or fewer shards:`,
    );
    const rows = table.map((row) => /^ {2}(\S.*?) {2,}(\d+\.\d) MiB$/.exec(row)?.slice(1));
    const mebibytes: Record<string, number> = Object.fromEntries(rows.map((row) => [row?.[0], Number(row?.[1])]));
    expect(mebibytes).toMatchObject({
      'batch (first slot)': expect.any(Number) as number,
      'batch (second slot)': expect.any(Number) as number,
      'activations, 2 times': expect.any(Number) as number,
    });
    const { total, 'available of 4 GiB': available, ...parts } = mebibytes;
    expect(total).toBeGreaterThan(available);
    expect(total).toBeCloseTo(
      Object.values(parts).reduce((sum, part) => sum + part, 0),
      0,
    );
  }
  expect(threads()).toBe(before);
  expect(bitsOf(model)).toEqual(bits);
});

test('after such a refusal the model trains with a smaller batch', async () => {
  await using engine = await tinyEngine({ workers: 1 });
  const model = tinyModel(engine);
  const before = threads();
  await expect(model.fit(images, { batchSize: HUGE })).rejects.toMatchObject({ code: 'MEMORY' });
  await model.fit(images);
  expect(threads()).toBeGreaterThan(before);
  expect(model.training.steps).toBe(3);
});
