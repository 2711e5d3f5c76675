import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { createEngine, type Engine, type Model } from '@convoy/engine';
import { dense, flatten, maxPooling2d } from '@convoy/layers';
import { adam } from '@convoy/optimizers';

/** A small network on 28×28 images, compiled to be trained. */
export function digitNet(engine: Engine): Model {
  const model = engine.sequential([
    conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [28, 28, 1] }),
    maxPooling2d(),
    conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: 10 }),
  ]);
  model.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

export function wasmEngine(workers: number): Promise<Engine> {
  return createEngine({ backend: wasm(), workers, seed: 1 });
}
