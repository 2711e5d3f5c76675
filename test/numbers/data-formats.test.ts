import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine, type DataFormat, type Engine, type Model } from '@convoy/engine';
import { averagePooling2d, dense, flatten, maxPooling2d } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { expectClose } from './expect-close.js';
import { moveChannels } from './image-layout.js';

const EXAMPLES = 24;
const SHAPE = [EXAMPLES, 9, 8, 3];
const images = Array.from({ length: EXAMPLES * 9 * 8 * 3 }, (_, i) => Math.sin(i * 0.37) + Math.cos(i * i * 0.011));
const labels = Uint8Array.from({ length: EXAMPLES }, (_, i) => i % 3);

/** Every kind of layer that knows a data format; one pixel is left at the end, so that flatten orders both alike. */
function networkOf(engine: Engine, dataFormat: DataFormat): Model {
  const [height, width, channels] = SHAPE.slice(1);
  const inputShape = dataFormat === 'channelsLast' ? [height, width, channels] : [channels, height, width];
  const model = engine.sequential([
    conv2d({
      filters: 4,
      kernelSize: [3, 2],
      strides: [1, 2],
      padding: 'same',
      activation: 'tanh',
      dataFormat,
      inputShape,
    }),
    maxPooling2d({ poolSize: [2, 1], padding: 'same', dataFormat }),
    conv2d({ filters: 5, kernelSize: 2, dilationRate: [2, 1], activation: 'relu', dataFormat }),
    averagePooling2d({ poolSize: [3, 3], dataFormat }),
    flatten(),
    dense({ units: 3 }),
  ]);
  model.compile({ optimizer: sgd({ learningRate: 0.2 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

test('a network in channelsFirst trains to the weights that it has in channelsLast', async () => {
  await using last = await createEngine({ backend: js(), workers: 'inline', seed: 9 });
  await using first = await createEngine({ backend: js(), workers: 'inline', seed: 9 });
  const [expected, actual] = [networkOf(last, 'channelsLast'), networkOf(first, 'channelsFirst')];
  const before = expected.weights.map((variable) => variable.dataSync());
  const moved = moveChannels({ shape: SHAPE, values: images }, 'channelsLast');
  const options = { epochs: 3, batchSize: 10 };
  await expected.fit({ x: Float32Array.from(images), y: labels }, options);
  await actual.fit({ x: Float32Array.from(moved.values), y: labels }, options);
  expected.weights.forEach((variable, i) => {
    expect(variable.dataSync(), variable.name).not.toEqual(before[i]);
    expectClose(actual.weights[i].dataSync(), [...variable.dataSync()], 1e-5);
  });
});
