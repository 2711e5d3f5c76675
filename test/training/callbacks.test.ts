import type { Callbacks } from '@convoy/engine';
import { expect, test } from 'vitest';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
const later = () => new Promise((resolve) => setTimeout(resolve, 10));

test('callbacks are called in order and awaited', async () => {
  await using engine = await tinyEngine();
  const calls: string[] = [];
  const noted = async (call: string) => {
    await later();
    calls.push(call);
  };
  const callbacks: Callbacks = {
    onEpochBegin: (epoch) => noted(`begin ${epoch}`),
    onFence: ({ epoch, step }) => noted(`fence ${epoch} ${step}`),
    onEpochEnd: (epoch) => noted(`end ${epoch}`),
  };
  await tinyModel(engine).fit(images, { epochs: 2, stepsPerFence: 2, callbacks });
  expect(calls).toEqual(['begin 0', 'fence 0 2', 'end 0', 'begin 1', 'fence 1 2', 'end 1']);
});

test('onEpochEnd gets the logs of the epoch, validation included', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const given: unknown[] = [];
  const validated: unknown[] = [];
  const validationData = makeImages(20);
  const { history } = await model.fit(images, {
    epochs: 2,
    validationData,
    callbacks: {
      async onEpochEnd(_epoch, logs) {
        given.push(logs);
        const { loss, accuracy } = await model.evaluate(validationData);
        validated.push({ val_loss: loss, val_accuracy: accuracy });
      },
    },
  });
  const at = (epoch: number) =>
    Object.fromEntries(Object.entries(history).map(([name, values]) => [name, values[epoch]]));
  expect(given).toEqual([at(0), at(1)]);
  expect(given).toMatchObject(validated);
});

test('stopTraining ends fit after the running epoch, and only this fit', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const callbacks: Callbacks = {
    onEpochEnd(epoch) {
      if (epoch === 1) model.stopTraining = true;
    },
  };
  expect((await model.fit(images, { epochs: 10, callbacks })).epoch).toEqual([0, 1]);
  expect(model.training.steps).toBe(6);
  expect((await model.fit(images, { epochs: 3 })).epoch).toEqual([0, 1, 2]);
});

test('a learning rate set between epochs holds from the next epoch on', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const bits = [bitsOf(model)];
  await model.fit(images, {
    epochs: 3,
    callbacks: {
      onEpochEnd(epoch) {
        bits.push(bitsOf(model));
        model.learningRate = epoch === 0 ? 0 : 0.1;
      },
    },
  });
  expect(bits[1]).not.toEqual(bits[0]);
  expect(bits[2]).toEqual(bits[1]);
  expect(bits[3]).not.toEqual(bits[2]);
  expect(model.learningRate).toBeCloseTo(0.1, 6);
});

test('a learning rate set at a fence holds from the next step on', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const bits: unknown[] = [];
  const onFence = () => {
    bits.push(bitsOf(model));
    model.learningRate = bits.length === 1 ? 0 : 0.1;
  };
  await model.fit(images, { stepsPerFence: 1, callbacks: { onFence } });
  expect(bits[1]).toEqual(bits[0]);
  expect(bitsOf(model)).not.toEqual(bits[1]);
});

test('weights assigned at a fence are those that the next step starts from', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  model.learningRate = 0;
  const bias = model.weights[3];
  const onFence = ({ step }: { step: number }) => bias.assign([step, 0, 0, 0]);
  await model.fit(images, { stepsPerFence: 2, callbacks: { onFence } });
  expect(bias.dataSync()).toEqual(Float32Array.of(2, 0, 0, 0));
});

for (const name of ['onEpochBegin', 'onFence', 'onEpochEnd'] as const) {
  test(`an error in ${name} ends fit with that error; whole steps stay, and training can go on`, async () => {
    await using engine = await tinyEngine();
    const model = tinyModel(engine);
    const fails = async () => {
      await later();
      throw new Error('my own');
    };
    const run = model.fit(images, { epochs: 3, stepsPerFence: 1, callbacks: { [name]: fails } });
    await expect(run).rejects.toThrow('my own');
    expect(model.training.steps).toBe({ onEpochBegin: 0, onFence: 1, onEpochEnd: 3 }[name]);
    await model.fit(images);
    expect(model.training.steps).toBe({ onEpochBegin: 3, onFence: 4, onEpochEnd: 6 }[name]);
  });
}
