import { conv2d } from '@convoy/conv2d';
import type { Engine, Model } from '@convoy/engine';
import { dense, flatten, maxPooling2d } from '@convoy/layers';
import { adam } from '@convoy/optimizers';
import type { DataSet } from '../digits/data-set.js';
import { rescaling } from '../digits/rescaling.js';

/** The digits net with half of its filters, without dropout, and with one learning rate throughout: the same for every strategy. */
export function buildNetwork(engine: Engine, { height, width, classes }: DataSet): Model {
  const model = engine.sequential([
    rescaling({ scale: 1 / 255, inputShape: [height, width, 1] }),
    conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    maxPooling2d({ poolSize: 2 }),
    flatten(),
    dense({ units: classes.length }),
  ]);
  model.compile({
    optimizer: adam({ learningRate: 0.002 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}
