import { conv2d, conv2dPlugin } from '@convoy/conv2d';
import type { Engine, Model, Plugin } from '@convoy/engine';
import { dense, dropout, flatten, layersPlugin, maxPooling2d } from '@convoy/layers';
import { adam, optimizersPlugin, schedules } from '@convoy/optimizers';
import type { DataSet } from './data-set.js';
import { rescaling, rescalingPlugin } from './rescaling.js';

/** What loading the saved model needs. */
export const plugins: readonly Plugin[] = [rescalingPlugin, conv2dPlugin, layersPlugin, optimizersPlugin];

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
}

/** Three convolutions, the first two with pooling, and a dense layer that gives a logit for each class; ready for `fit`. */
export function buildNetwork(engine: Engine, { height, width, classes, train }: DataSet, recipe: Recipe): Model {
  const model = engine.sequential([
    rescaling({ scale: 1 / 255, inputShape: [height, width, 1] }),
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' }),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: classes.length }),
  ]);
  const totalSteps = recipe.epochs * Math.ceil(train.labels.length / recipe.batchSize);
  model.compile({
    optimizer: adam({ learningRate: schedules.oneCycle({ maxLearningRate: 0.01, totalSteps }) }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}
