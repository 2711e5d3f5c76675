import { readdir } from 'node:fs/promises';
import { add, ValueError, type Model } from '@convoy/engine';
import { conv2d } from '@convoy/conv2d';
import { dense, dropout, flatten } from '@convoy/layers';
import { adam, schedules, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { bitsOf, digest, makeImages, tinyModel, type TinyOptions } from '../fixtures/tiny.js';
import { emptyFolder, engineWithPlugins } from './saved-model.js';

const images = makeImages(75);
const inOrder = (model: Model) => Object.values(bitsOf(model));

const recipes: Record<string, () => TinyOptions> = {
  'Adam and dropout': () => ({ optimizer: adam({ learningRate: 0.01 }), dropoutRate: 0.3 }),
  'momentum and a schedule': () => ({
    optimizer: sgd({
      learningRate: schedules.linearDecay({ initialLearningRate: 0.1, decaySteps: 10 }),
      momentum: 0.9,
    }),
  }),
};

test('a loaded model predicts and evaluates to the same bits', async () => {
  const folder = await emptyFolder();
  await using engine = await engineWithPlugins();
  const model = tinyModel(engine);
  await model.fit(images);
  await model.save(folder);
  expect((await readdir(folder)).toSorted()).toEqual(['model.json', 'weights.safetensors']);
  await using another = await engineWithPlugins({ workers: 2 });
  const loaded = await another.load(folder);
  expect(digest((await loaded.predict(images.x)).dataSync())).toBe(digest((await model.predict(images.x)).dataSync()));
  expect(await loaded.evaluate(images)).toEqual(await model.evaluate(images));
  expect(loaded.summary()).toBe(model.summary().replace('Workers: 1', 'Workers: 2'));
});

describe('training goes on after save and load to the bits of a run that was never interrupted', () => {
  for (const [name, recipe] of Object.entries(recipes)) {
    test(`in a new engine: ${name}`, async () => {
      const folder = await emptyFolder();
      await using one = await engineWithPlugins();
      const whole = tinyModel(one, recipe());
      await whole.fit(images, { epochs: 2 });
      await whole.save(folder);
      await whole.fit(images, { epochs: 3 });

      await using two = await engineWithPlugins({ workers: 2 });
      const resumed = await two.load(folder);
      expect(resumed.training).toMatchObject({ steps: 6, epochs: 2 });
      await resumed.fit(images, { epochs: 3 });
      expect(bitsOf(resumed)).toEqual(bitsOf(whole));
    });

    test(`beside the original, in the same engine: ${name}`, async () => {
      const folder = await emptyFolder();
      await using engine = await engineWithPlugins();
      const whole = tinyModel(engine, recipe());
      await whole.fit(images, { epochs: 2 });
      await whole.save(folder);
      const resumed = await engine.load(folder);
      await whole.fit(images, { epochs: 3 });
      await resumed.fit(images, { epochs: 3 });
      expect(inOrder(resumed)).toEqual(inOrder(whole));
    });
  }

  test('in an engine that has made other layers before', async () => {
    const folder = await emptyFolder();
    const recipe = { dropoutRate: 0.3 };
    await using one = await engineWithPlugins();
    const whole = tinyModel(one, recipe);
    await whole.fit(images);
    await whole.save(folder);
    await whole.fit(images);
    await using two = await engineWithPlugins();
    tinyModel(two);
    const resumed = await two.load(folder);
    await resumed.fit(images);
    expect(inOrder(resumed)).toEqual(inOrder(whole));
  });

  test('with the learning rate that was set last', async () => {
    const folder = await emptyFolder();
    await using one = await engineWithPlugins();
    const model = tinyModel(one);
    model.learningRate = 0.25;
    await model.save(folder);
    await using two = await engineWithPlugins();
    expect((await two.load(folder)).learningRate).toBe(0.25);
  });
});

test('a model saved at a fence is that of its step, counts included', async () => {
  const folder = await emptyFolder();
  await using one = await engineWithPlugins();
  const model = tinyModel(one, { optimizer: adam({ learningRate: 0.01 }) });
  let bits: unknown;
  const onFence = async ({ step }: { step: number }) => {
    if (step !== 2) return;
    bits = bitsOf(model);
    await model.save(folder);
  };
  await model.fit(images, { stepsPerFence: 1, callbacks: { onFence } });
  await using two = await engineWithPlugins();
  const loaded = await two.load(folder);
  expect(bitsOf(loaded)).toEqual(bits);
  expect(loaded.training.steps).toBe(2);
});

test('a model saved while it trains is that of one step, counts included', async () => {
  const folder = await emptyFolder();
  await using one = await engineWithPlugins({ workers: 2 });
  const model = tinyModel(one);
  const bits: Record<string, string>[] = [bitsOf(model)];
  let saving: Promise<void> | null = null;
  const callbacks = { onFence: () => void bits.push(bitsOf(model)) };
  for await (const event of model.fit(images, { epochs: 60, stepsPerFence: 1, callbacks })) {
    if (event.type === 'step') saving ??= model.save(folder);
  }
  await saving;
  await using two = await engineWithPlugins();
  const loaded = await two.load(folder);
  expect(bitsOf(loaded)).toEqual(bits[loaded.training.steps]);
});

test('a model that was never compiled is saved without training', async () => {
  const folder = await emptyFolder();
  await using one = await engineWithPlugins();
  const model = one.sequential([dense({ units: 2, inputShape: [3] })]);
  await model.save(folder);
  await using two = await engineWithPlugins();
  const loaded = await two.load(folder);
  expect(loaded.compiled).toBe(false);
  expect(bitsOf(loaded)).toEqual(bitsOf(model));
});

test('a graph with shared layers, several inputs and outputs, frozen layers and names comes back as it was', async () => {
  const folder = await emptyFolder();
  await using one = await engineWithPlugins();
  const [left, right] = [one.input({ shape: [4, 4, 1], name: 'left' }), one.input({ shape: [4, 4, 1], name: 'right' })];
  const eye = conv2d({ filters: 2, kernelSize: [3, 2], padding: 'same', strides: 2, name: 'eye' });
  const [flat, head] = [flatten(), dense({ units: 3, activation: 'relu', trainable: false })];
  const see = (image: typeof left) => head.apply(dropout({ rate: 0.5 }).apply(flat.apply(eye.apply(image))));
  const model = one.model({ inputs: [left, right], outputs: [see(left), see(right)] });
  model.compile({ optimizer: 'adam', loss: ['meanSquaredError', 'categoricalCrossentropy'] });
  await model.save(folder);

  await using two = await engineWithPlugins();
  const loaded = await two.load(folder);
  expect(loaded.layers.map((layer) => [layer.name, layer.trainable])).toEqual(
    model.layers.map((layer) => [layer.name, layer.trainable]),
  );
  const x = [images.x.subarray(0, 160), images.x.subarray(160, 320)];
  const [expected, answers] = [await model.predictAll(x), await loaded.predictAll(x)];
  expect(answers.map((answer) => digest(answer.dataSync()))).toEqual(
    expected.map((answer) => digest(answer.dataSync())),
  );
  const y = [new Float32Array(30), new Float32Array(30).fill(1 / 3)];
  await model.fit({ x, y });
  await loaded.fit({ x, y });
  expect(bitsOf(loaded)).toEqual(bitsOf(model));
});

test('an op between layers cannot be saved, and says so', async () => {
  const folder = await emptyFolder();
  await using engine = await engineWithPlugins();
  const input = engine.input({ shape: [2] });
  const layer = dense({ units: 2 });
  const model = engine.model({ inputs: input, outputs: add(layer.apply(input), 1) });
  await expect(model.save(folder)).rejects.toThrow(ValueError);
  await expect(model.save(folder)).rejects.toThrow(/op 'add' between layers.*put it into a layer/);
  expect(await readdir(folder)).toEqual([]);
});
