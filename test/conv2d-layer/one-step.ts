import type { Model, Optimizer } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';

export interface Step {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly batchSize: number;
  /** Default: plain gradient descent with rate 0.1. */
  readonly optimizer?: Optimizer;
  readonly shards?: number;
}

/** One step of training on the mean squared error, the whole of the data its batch. @returns the loss before it */
export async function trainOneStep(model: Model, step: Step): Promise<number> {
  const { x, y, batchSize, optimizer = sgd({ learningRate: 0.1 }), shards } = step;
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const { history } = await model.fit({ x, y }, { batchSize, shuffle: false, ...(shards ? { shards } : {}) });
  return history['loss'][0];
}
