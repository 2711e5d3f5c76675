import { conv2d } from '@convoy/conv2d';
import type { Layer } from '@convoy/engine';
import { dense, flatten, maxPooling2d } from '@convoy/layers';

/** A network on images and the batch that it is trained with. */
export interface Net {
  readonly batchSize: number;
  /** Height, width, channels. */
  readonly input: readonly [number, number, number];
  readonly classes: number;
  readonly layers: () => Layer[];
}

const relu = 'relu';

export const nets: Readonly<Record<string, Net>> = {
  digits: {
    batchSize: 64,
    input: [28, 28, 1],
    classes: 10,
    layers: () => [
      conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: relu, inputShape: [28, 28, 1] }),
      maxPooling2d(),
      conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: relu }),
      maxPooling2d(),
      flatten(),
      dense({ units: 10 }),
    ],
  },
  'keras-mnist': {
    batchSize: 128,
    input: [28, 28, 1],
    classes: 10,
    layers: () => [
      conv2d({ filters: 32, kernelSize: 3, activation: relu, inputShape: [28, 28, 1] }),
      conv2d({ filters: 64, kernelSize: 3, activation: relu }),
      maxPooling2d(),
      flatten(),
      dense({ units: 128, activation: relu }),
      dense({ units: 10 }),
    ],
  },
  lenet5: {
    batchSize: 64,
    input: [28, 28, 1],
    classes: 10,
    layers: () => [
      conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: relu, inputShape: [28, 28, 1] }),
      maxPooling2d(),
      conv2d({ filters: 16, kernelSize: 5, activation: relu }),
      maxPooling2d(),
      flatten(),
      dense({ units: 120, activation: relu }),
      dense({ units: 84, activation: relu }),
      dense({ units: 10 }),
    ],
  },
};
