import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import {
  createEngine,
  defineLayer,
  defineOp,
  Layer,
  UnknownOptionError,
  ValueError,
  type SymbolicTensor,
} from '@convoy/engine';
import { averagePooling2d, dense, flatten, maxPooling2d } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { nextThreadNumber } from '../fixtures/next-thread-number.js';

const engine = await createEngine({ backend: js(), workers: 2 });
afterAll(() => engine.dispose());

let firstThread = 0;
beforeAll(async () => {
  firstThread = await nextThreadNumber();
});

describe('an input of the wrong rank', () => {
  const error = { error: ValueError, code: 'INPUT_RANK' };

  test('names the layer, its rank, the shape that came and what to change', () =>
    expectRefusal(
      () =>
        engine.sequential([flatten({ inputShape: [8, 8, 1] }), conv2d({ name: 'edges', filters: 2, kernelSize: 3 })]),
      {
        ...error,
        says: ['Input 0 of layer edges is', 'expected ndim=4', 'found ndim=2', '[null, 64]', /layer before|inputShape/],
      },
    ));

  test('of a first layer names its inputShape', () =>
    expectRefusal(() => engine.sequential([maxPooling2d({ name: 'pool', inputShape: [8, 8] })]), {
      ...error,
      says: ['Input 0 of layer pool is', 'expected ndim=4', '[null, 8, 8]', 'inputShape'],
    }));

  test('of a dense layer asks for the axis of its inputs', () =>
    expectRefusal(() => dense({ name: 'scores', units: 3 }).apply(engine.tensor([1, 2, 3])), {
      ...error,
      says: ["layer 'scores'", '[batch, …, inputs]', '[3]'],
    }));
});

describe('a window larger than the image', () => {
  const error = { error: ValueError, code: 'KERNEL_TOO_LARGE' };
  const remedy = /padding 'same'.*smaller.*larger/;

  test('of a convolution names the layer, image, kernel and remedies', () =>
    expectRefusal(
      () => engine.sequential([conv2d({ name: 'wide', filters: 2, kernelSize: [3, 9], inputShape: [12, 8, 1] })]),
      {
        ...error,
        says: ["layer 'wide'", '[batch, 12, 8, 1]', '[3, 9, 1, 2]', 'width', remedy],
      },
    ));

  test('counts the gaps of a dilated kernel', () =>
    expectRefusal(
      () =>
        engine.sequential([
          conv2d({ name: 'far', filters: 1, kernelSize: 3, dilationRate: 4, inputShape: [8, 20, 1] }),
        ]),
      { ...error, says: ["layer 'far'", 'height', '9 from 8', 'dilationRate 4', '[batch, 8, 20, 1]', remedy] },
    ));

  test('of a pooling speaks of its pool size', () =>
    expectRefusal(
      () => engine.sequential([averagePooling2d({ name: 'mean', poolSize: [2, 9], inputShape: [8, 8, 3] })]),
      {
        ...error,
        says: ["layer 'mean'", 'poolSize', '[batch, 8, 8, 3]', 'width', remedy],
      },
    ));

  test('is found where an image has shrunk on the way', () =>
    expectRefusal(
      () =>
        engine.sequential([
          maxPooling2d({ poolSize: 4, inputShape: [8, 8, 1] }),
          conv2d({ name: 'last', filters: 1, kernelSize: 3 }),
        ]),
      { ...error, says: ["layer 'last'", '[batch, 2, 2, 1]', '[3, 3, 1, 1]', remedy] },
    ));

  test('leaves no half-made layer behind', async () => {
    const layer = conv2d({ filters: 1, kernelSize: 5 });
    await expectRefusal(() => layer.apply(engine.input({ shape: [4, 4, 1] })), {
      ...error,
      says: ['[batch, 4, 4, 1]'],
    });
    expect(layer.weights).toEqual([]);
    expect(layer.apply(engine.input({ shape: [6, 6, 1] })).shape).toEqual([null, 2, 2, 1]);
  });
});

describe('an unknown option', () => {
  const error = { error: UnknownOptionError, code: 'UNKNOWN_OPTION' };

  test('is met with the nearest known one', () =>
    expectRefusal(() => conv2d(unchecked({ filter: 3, kernelSize: 3 })), {
      ...error,
      says: ["conv2d: unknown option 'filter'", "Did you mean 'filters'?", 'kernelSize, strides, padding'],
    }));

  test('spelled as in Python is met with ours', () =>
    expectRefusal(() => maxPooling2d(unchecked({ pool_size: 2 })), {
      ...error,
      says: ["unknown option 'pool_size'", "Did you mean 'poolSize'?"],
    }));

  test('unlike all others is met with the list', () =>
    expectRefusal(() => dense(unchecked({ units: 3, regularisation: 1 })), {
      ...error,
      says: ["unknown option 'regularisation'. Known options: units, activation"],
    }));
});

describe('a kernel that the backend has not', () => {
  const strange = defineOp<[x: SymbolicTensor]>('strange', { shape: ([x]) => x, gradient: (dy) => [dy] });
  class Strange extends Layer {
    call(x: SymbolicTensor): SymbolicTensor {
      return strange(x);
    }
  }
  const layer = defineLayer('strange', Strange);
  const error = {
    error: ValueError,
    code: 'NO_KERNEL',
    says: ["op 'strange'", "layer 'odd'", "backend 'js'", "'lower' rule", "'kernels'"],
  };

  test('is missed by predict', () =>
    expectRefusal(
      () => engine.sequential([layer({ name: 'odd', inputShape: [2] })]).predict(new Float32Array(2)),
      error,
    ));

  test('is missed by fit', () =>
    expectRefusal(() => {
      const model = engine.sequential([dense({ units: 2, inputShape: [2] }), layer({ name: 'odd' })]);
      model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
      return model.fit({ x: new Float32Array(2), y: new Float32Array(2) });
    }, error));
});

test('an op on the way of the gradient that has none names its layer and the ways out', async () => {
  const opaque = defineOp<[x: SymbolicTensor]>('opaque', { shape: ([x]) => x });
  class Opaque extends Layer {
    call(x: SymbolicTensor): SymbolicTensor {
      return opaque(x);
    }
  }
  const model = engine.sequential([
    dense({ units: 2, inputShape: [2] }),
    defineLayer('opaque', Opaque)({ name: 'wall' }),
  ]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  await expectRefusal(() => model.fit({ x: new Float32Array(2), y: new Float32Array(2) }), {
    error: ValueError,
    code: 'NO_GRADIENT',
    says: ["op 'opaque'", "layer 'wall'", "'gradient'", 'stopGradient'],
  });
});

/** Activations of 4 MiB an example. */
const large = engine.sequential([
  conv2d({ filters: 64, kernelSize: 3, padding: 'same', inputShape: [128, 128, 1] }),
  maxPooling2d({ poolSize: 128 }),
  flatten(),
  dense({ units: 1 }),
]);
large.compile({ optimizer: adam(), loss: 'meanSquaredError' });
const oneImage = { x: new Float32Array(128 * 128), y: new Float32Array(1) };

describe('a plan over 4 GiB', () => {
  const error = { error: ValueError, code: 'MEMORY' };

  test('of predict comes with its table and the remedy', () =>
    expectRefusal(
      () =>
        engine
          .sequential([conv2d({ filters: 512, kernelSize: 1, inputShape: [256, 256, 1] })])
          .predict(new Float32Array(65_536), { batchSize: 64 }),
      {
        ...error,
        says: [/batch size 64.*smaller batchSize/, /batch \(first slot\) +\d+\.\d MiB/, /total +\d/, /of 4 GiB +\d/],
      },
    ));

  test('of fit lists gradients and activations', () =>
    expectRefusal(() => large.fit(oneImage, { batchSize: 4096, shards: 1 }), {
      ...error,
      says: ["'fit'", 'batch size 4096', /smaller batchSize.*shards/, /gradients of 1 shard/, /activations.* MiB/],
    }));

  test('of weights alone names layer, variable, shape and remedy', () =>
    expectRefusal(() => engine.sequential([dense({ name: 'huge', units: 40_000, inputShape: [40_000] })]), {
      ...error,
      says: ["layer 'huge'", 'huge/kernel:0', '[40000, 40000]', '4 GiB', /smaller|fewer/],
    }));
});

test('no refusal above started a thread, and a model that can run does', async () => {
  expect(await nextThreadNumber()).toBe(firstThread + 1);
  // What the refused plan of this very model would have taken is free.
  await large.fit(oneImage, { batchSize: 1 });
  expect(await nextThreadNumber()).toBeGreaterThan(firstThread + 2);
});
