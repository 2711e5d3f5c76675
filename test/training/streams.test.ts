import type { ArrayData } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { bitsOf, makeImages, PIXELS, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);

const rows = (from: number, to: number): ArrayData => ({
  x: images.x.subarray(from * PIXELS, to * PIXELS),
  y: images.y.subarray(from, to),
});

const recipe = { optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 };

test('a stream of the batches of an array trains to the bits of the array, kept in order', async () => {
  for (const workers of [2, 'inline'] as const) {
    await using engine = await tinyEngine({ workers });
    const [fromArray, fromStream] = [tinyModel(engine), tinyModel(engine)];
    fromStream.weights.forEach((variable, i) => variable.assign(fromArray.weights[i].dataSync()));
    await fromArray.fit(images, { epochs: 2, shuffle: false });
    let passes = 0;
    const stream = async function* () {
      passes++;
      for (const from of [0, 32, 64]) yield rows(from, Math.min(75, from + 32));
    };
    await fromStream.fit(stream, { epochs: 2 });
    expect(passes).toBe(2);
    expect(Object.values(bitsOf(fromStream))).toEqual(Object.values(bitsOf(fromArray)));
  }
});

test('batches of different sizes each make a step', async () => {
  const cuts = [0, 16, 21, 32, 33];
  await using one = await tinyEngine();
  const atOnce = tinyModel(one, recipe);
  const stream = function* () {
    for (let i = 1; i < cuts.length; i++) yield rows(cuts[i - 1], cuts[i]);
  };
  const examples: number[] = [];
  for await (const event of atOnce.fit(stream, { batchSize: 16 })) {
    if (event.type === 'begin') expect(event.stepsPerEpoch).toBeNull();
    if (event.type === 'step') examples.push(event.examples);
  }
  expect(examples).toEqual([16, 5, 11, 1]);

  await using two = await tinyEngine();
  const oneByOne = tinyModel(two, recipe);
  for (let i = 1; i < cuts.length; i++) {
    await oneByOne.fit(rows(cuts[i - 1], cuts[i]), { batchSize: 16, shuffle: false });
  }
  expect(bitsOf(atOnce)).toEqual(bitsOf(oneByOne));
});

test('a stream may fill the same arrays again and again', async () => {
  const train = async (reuse: boolean) => {
    await using engine = await tinyEngine();
    const model = tinyModel(engine);
    const kept = { x: new Float32Array(25 * PIXELS), y: new Uint8Array(25) };
    const stream = async function* () {
      for (const from of [0, 25, 50]) {
        const batch = rows(from, from + 25);
        if (!reuse) yield batch;
        else {
          kept.x.set(batch.x as Float32Array);
          kept.y.set(batch.y as Uint8Array);
          yield kept;
        }
      }
    };
    await model.fit(stream, { epochs: 3 });
    return bitsOf(model);
  };
  expect(await train(true)).toEqual(await train(false));
});

test('evaluation and validation take streams too', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const stream = async function* () {
    for (const from of [0, 32, 64]) yield rows(from, Math.min(75, from + 32));
  };
  const { history } = await model.fit(images, { validationData: stream });
  const expected = await model.evaluate(images, { batchSize: 32 });
  const fromStream = await model.evaluate(stream, { batchSize: 32 });
  expect(fromStream).toEqual(expected);
  expect(history['val_loss'][0]).toBeCloseTo(expected['loss'], 6);
});

test('predict answers while fit waits for its stream', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  let answered = false;
  const stream = async function* () {
    yield rows(0, 32);
    await model.predict(images.x);
    await model.evaluate(images);
    answered = true;
    yield rows(32, 64);
  };
  await model.fit(stream);
  expect(answered).toBe(true);
  expect(model.training.steps).toBe(2);
});

test('leaving the loop over the events closes the stream', async () => {
  await using engine = await tinyEngine();
  let closed = 0;
  const stream = async function* () {
    try {
      for (;;) yield rows(0, 32);
    } finally {
      closed++;
    }
  };
  for await (const event of tinyModel(engine).fit(stream)) if (event.type === 'step') break;
  expect(closed).toBe(1);
});
