import { conv2d } from '@convoy/conv2d';
import { reduceSum, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';

const engine = await engineOfFile();
const make = (options: object = {}) => conv2d({ filters: 2, kernelSize: 3, ...options });

describe('Properties', () => {
  test('the hyper-parameters can be read, normalised, with their defaults', () => {
    const kernelConstraint = (w: SymbolicTensor) => w;
    const activation = (y: SymbolicTensor) => reduceSum(y);
    const layer = make({ strides: 2, padding: 'SAME', dataFormat: 'channels_first', kernelConstraint, activation });
    expect(layer).toMatchObject({
      filters: 2,
      kernelSize: [3, 3],
      strides: [2, 2],
      padding: 'same',
      dataFormat: 'channelsFirst',
      dilationRate: [1, 1],
      useBias: true,
      kernelInitializer: null,
      biasInitializer: 'zeros',
      kernelRegularizer: null,
      biasRegularizer: null,
      biasConstraint: null,
      trainable: true,
      rank: 2,
      stateful: false,
    });
    expect(layer.kernelConstraint).toBe(kernelConstraint);
    expect(layer.activation).toBe(activation);
  });

  test('kernel, bias, built and inputSpec are set by the build', () => {
    const layer = make();
    expect(layer).toMatchObject({ kernel: null, bias: null, built: false, inputSpec: { rank: 4 } });
    layer.apply(engine.input({ shape: [4, 4, 3] }));
    expect(layer.built).toBe(true);
    expect([layer.kernel?.shape, layer.bias?.shape]).toEqual([[3, 3, 3, 2], [2]]);
    expect(layer.inputSpec).toEqual({ rank: 4, axes: { [-1]: 3 } });
    const first = engine.bind(make({ dataFormat: 'channelsFirst' }));
    first.build([null, 3, 4, 4]);
    expect(first.inputSpec).toEqual({ rank: 4, axes: { 1: 3 } });
  });
});
