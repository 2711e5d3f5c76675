import { equal, argMax, defineMetric, mul, sub, type Model } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { CLASSES, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);

/** −log softmax(logits)[label] and whether the largest logit is the label's, for each example, in double precision. */
async function byHand(model: Model) {
  const logits = (await model.predict(images.x)).dataSync();
  return Array.from(images.y, (label, i) => {
    const row = [...logits.subarray(i * CLASSES, (i + 1) * CLASSES)];
    const top = Math.max(...row);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - top), 0);
    return { loss: Math.log(sum) + top - row[label], right: row.indexOf(top) === label };
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('evaluate is the mean over all examples of what their predictions cost', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine, { dropoutRate: 0.5 });
  for (const epochs of [1, 8]) {
    await model.fit(images, { epochs });
    const examples = await byHand(model);
    for (const batchSize of [256, 32, 7]) {
      const { loss, accuracy } = await model.evaluate(images, { batchSize });
      expect(loss).toBeCloseTo(mean(examples.map((example) => example.loss)), 6);
      expect(accuracy).toBe(mean(examples.map((example) => Number(example.right))));
    }
  }
});

test('evaluate changes neither weights nor counts', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const before = model.weights.map((variable) => variable.dataSync());
  await model.evaluate(images);
  expect(model.weights.map((variable) => variable.dataSync())).toEqual(before);
  expect(model.training).toMatchObject({ steps: 0, epochs: 0 });
});

test('validation during fit is what evaluate gives at that point', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const validationData = makeImages(20);
  const { history } = await model.fit(images, { epochs: 2, validationData });
  const { loss, accuracy } = await model.evaluate(validationData);
  expect(history).toMatchObject({
    val_loss: [expect.any(Number) as number, loss],
    val_accuracy: [expect.any(Number) as number, accuracy],
  });
});

test('a metric of one’s own is averaged over the examples, beside those of the engine', async () => {
  await using engine = await tinyEngine();
  const model = tinyModel(engine);
  const right = defineMetric('right', () => ({ perExample: (output, labels) => equal(argMax(output), labels) }));
  const wrong = defineMetric('wrong', () => ({
    perExample: (output, labels) => sub(1, equal(argMax(output), labels)),
  }));
  const metrics = ['accuracy', right(), wrong()];
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy', metrics });
  const { history } = await model.fit(images);
  expect(Object.keys(history)).toEqual(['loss', 'accuracy', 'right', 'wrong']);
  expect(history['right']).toEqual(history['accuracy']);
  expect(history['wrong'][0]).toBeCloseTo(1 - history['accuracy'][0], 12);
});

test('a metric of several values an example is averaged over them', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = engine.sequential([dense({ units: 2, kernelInitializer: 'ones', inputShape: [1] })]);
  const output = defineMetric('output', () => ({ perExample: (values) => mul(values, 2) }));
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError', metrics: [output()] });
  const logs = await model.evaluate({ x: Float32Array.of(1, 2, 6), y: new Float32Array(6) });
  expect(logs).toEqual({ loss: (1 + 4 + 36) / 3, output: 6 });
});
