import { conv2d } from '@convoy/conv2d';
import type { Engine, Layer, Model } from '@convoy/engine';
import { dense, flatten, maxPooling2d } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import type { LayerSpec, Net } from './nets.js';

/** A net, compiled for gradient descent on sparse cross-entropy. */
export function modelOf(engine: Engine, net: Net, learningRate: number, momentum = 0): Model {
  const model = engine.sequential(net.layers.map((spec, i) => layerOf(spec, i === 0 ? net.input : undefined)));
  model.compile({ optimizer: sgd({ learningRate, momentum }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

function layerOf(spec: LayerSpec, inputShape: readonly number[] | undefined): Layer {
  const first = inputShape ? { inputShape } : {};
  switch (spec.kind) {
    case 'conv':
      return conv2d({
        filters: spec.filters,
        kernelSize: spec.size,
        padding: spec.padding,
        activation: 'relu',
        ...first,
      });
    case 'maxPool':
      return maxPooling2d();
    case 'flatten':
      return flatten({ ...first });
    case 'dense':
      return dense({ units: spec.units, activation: spec.relu ? 'relu' : null });
  }
}
