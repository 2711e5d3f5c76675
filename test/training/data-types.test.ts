import type { ArrayData } from '@convoy/engine';
import { expect, test } from 'vitest';
import { bitsOf, PIXELS, SIDE, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const ROWS = 40;
const bytes = Uint8Array.from({ length: ROWS * PIXELS }, (_, i) => (i * 37) % 64);
const labels = Uint8Array.from({ length: ROWS }, (_, i) => i % 4);

async function train(data: ArrayData) {
  await using engine = await tinyEngine({ workers: 1 });
  const model = tinyModel(engine);
  model.learningRate = 0.001;
  await model.fit(data);
  return bitsOf(model);
}

const asFloats = { x: Float32Array.from(bytes), y: labels };

test('integers are read as the numbers that they are, whatever holds them', async () => {
  const expected = await train(asFloats);
  for (const type of [Uint8Array, Int8Array, Uint16Array, Int16Array, Int32Array, Float64Array]) {
    expect(await train({ x: type.from(bytes), y: type.from(labels) }), type.name).toEqual(expected);
  }
  expect(await train({ x: asFloats.x, y: Float32Array.from(labels) }), 'labels as floats').toEqual(expected);
});

test('doubles are rounded to single precision', async () => {
  const x = Float64Array.from(bytes, (value) => value / 3);
  expect(await train({ x, y: labels })).toEqual(await train({ x: Float32Array.from(x), y: labels }));
});

test('a tensor and memory that is shared already are as good as an array', async () => {
  const expected = await train(asFloats);
  const shared = new Float32Array(new SharedArrayBuffer(4 * bytes.length));
  shared.set(bytes);
  expect(await train({ x: shared, y: labels })).toEqual(expected);
  await using engine = await tinyEngine({ workers: 1 });
  const x = engine.tensor(asFloats.x, [ROWS, SIDE, SIDE, 1]);
  expect(await train({ x, y: engine.tensor(Int32Array.from(labels)) })).toEqual(expected);
});

test('a buffer, as files give it, is as good as an array, and Node warns of nothing', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  expect(await train({ x: Buffer.from(bytes), y: Buffer.from(labels) })).toEqual(await train(asFloats));
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});

test('fit leaves the data as it was', async () => {
  const data = { x: Float32Array.from(bytes), y: labels.slice() };
  await train(data);
  expect(data).toEqual(asFloats);
});
