import { Conv2D, conv2d } from '@convoy/conv2d';
import {
  AttributeError,
  Layer,
  mul,
  RuntimeError,
  ValueError,
  type CallOptions,
  type SymbolicTensor,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { expectClose, wave } from './numbers.js';

const engine = await engineOfFile();
const input = (height = 4, width = 5, channels = 1) => engine.input({ shape: [height, width, channels] });
const make = (options: object = {}) => conv2d({ filters: 2, kernelSize: 3, ...options });

/** Keeps what its calls are given. */
class Listening extends Layer {
  readonly heard: CallOptions[] = [];
  call(x: SymbolicTensor, options: CallOptions): SymbolicTensor {
    this.heard.push(options);
    return mul(x, 2);
  }
}

describe('Methods', () => {
  test('conv2d(options) makes the layer, without an engine', () => {
    const layer = make();
    expect(layer).toBeInstanceOf(Conv2D);
    expect(layer).toBeInstanceOf(Layer);
    expect([layer.bound, layer.built, layer.name]).toEqual([false, false, null]);
    expect(layer.computeOutputShape([null, 5, 5, 1])).toEqual([null, 3, 3, 2]);
  });

  test('apply builds at the first call and keeps the weights for the next', () => {
    const layer = make();
    const y = layer.apply(input());
    const { kernel } = layer;
    expect([layer.built, y.shape]).toEqual([true, [null, 2, 3, 2]]);
    expect(layer.apply(input(7, 7)).shape).toEqual([null, 5, 5, 2]);
    expect(layer.kernel).toBe(kernel);
    expect(layer.weights).toHaveLength(2);
    expect(layer.inboundNodes).toHaveLength(2);
  });

  test('apply takes the scope out of its options and gives the rest to call', () => {
    const layer = new Listening({});
    layer.apply(input(), { scope: 'heard', loud: true, by: 'all' });
    expect(layer.heard).toEqual([{ mask: null, loud: true, by: 'all' }]);
    expect(layer.scopeName).toBe('heard');
    layer.apply(input(), { scope: 'later' });
    expect(layer.scopeName).toBe('heard');
  });

  test('apply gives call the mask of the layer before, unless it is given one', () => {
    class Masking extends Listening {
      override computeMask(x: SymbolicTensor): SymbolicTensor {
        return x;
      }
    }
    const [x, other] = [input(), input()];
    const masked = new Masking({}).apply(x);
    const layer = new Listening({});
    layer.apply(masked);
    layer.apply(masked, { mask: other });
    layer.apply(masked, { mask: null });
    expect(layer.heard.map(({ mask }) => mask)).toEqual([x, other, null]);
  });

  test('apply refuses a call that returns nothing', () => {
    class Silent extends Layer {
      call(): SymbolicTensor {
        return untyped(null);
      }
    }
    expectError(
      () => new Silent({ name: 'silent' }).apply(input()),
      ValueError,
      /A layer's `call` method should return a Tensor or a list of Tensors, not None\.$/,
    );
  });

  test('build makes kernel and bias for an input shape', () => {
    const layer = engine.bind(make({ filters: 5, kernelSize: [2, 3] }));
    layer.build([null, 8, 8, 4]);
    expect(layer.weights).toEqual([layer.kernel, layer.bias]);
    expect([layer.kernel?.shape, layer.bias?.shape, layer.built]).toEqual([[2, 3, 4, 5], [5], true]);
    expect(layer.inboundNodes).toHaveLength(0);
    layer.apply(input(8, 8, 4));
    expect(layer.weights).toHaveLength(2);
  });

  test('build refuses an unknown number of channels, in both data formats', () => {
    const message = 'The channel dimension of the inputs should be defined. Found `null`.';
    expectError(() => engine.bind(make()).build([null, 5, 5, null]), ValueError, message);
    const first = engine.bind(make({ dataFormat: 'channelsFirst' }));
    expectError(() => first.build([null, null, 5, 5]), ValueError, message);
  });

  test('build refuses a shape that is not of rank 4', () => {
    for (const shape of [[null, 5, 5], [], [null, 1, 5, 5, 1], undefined, null]) {
      expectError(
        () => engine.bind(make({ name: 'flat' })).build(untyped(shape)),
        ValueError,
        /^layer 'flat': input tensor must have rank 4, got /,
      );
    }
  });

  test('build needs an engine', () => {
    expectError(
      () => make({ name: 'free' }).build([null, 5, 5, 1]),
      RuntimeError,
      "layer 'free' belongs to no engine yet: put it into a model or call engine.bind(layer) first; its variables are " +
        'made in `build`',
    );
  });

  test('call computes and nothing else', () => {
    const layer = engine.bind(make({ name: 'bare' }));
    expectError(() => layer.call(input()), AttributeError, /^layer 'bare' has no kernel yet; use `apply`/);
    layer.build([null, 4, 5, 1]);
    const y = layer.call(input());
    expect([y.shape, y.inboundNode, layer.inboundNodes]).toEqual([[null, 2, 3, 2], null, []]);
  });

  test('computeOutputShape needs neither engine nor build, and passes unknown sizes through', () => {
    const same = make({ strides: [2, 3], padding: 'same' });
    expect(same.computeOutputShape([8, 7, 7, 3])).toEqual([8, 4, 3, 2]);
    expect(same.computeOutputShape([null, null, 7, null])).toEqual([null, null, 3, 2]);
    const first = make({ dataFormat: 'channelsFirst' });
    expect(first.computeOutputShape([null, 3, null, 7])).toEqual([null, 2, null, 5]);
    expect(same.built).toBe(false);
  });

  test('computeOutputShape refuses what no output has', () => {
    const layer = make({ kernelSize: [3, 5] });
    expectError(
      () => layer.computeOutputShape([null, 3, 4, 1]),
      ValueError,
      /^layer 'conv2d': Negative dimension size caused by subtracting 5 from 4: the width of kernel \[3, 5, 1, 2\] /,
    );
    for (const shape of [[null, 5, 5], null, undefined]) {
      expectError(
        () => layer.computeOutputShape(untyped(shape)),
        ValueError,
        /^layer 'conv2d': input tensor must have rank 4, got /,
      );
    }
    expectError(() => layer.computeOutputShape(untyped('5551')), TypeError, /list of 4 lengths, got '5551'/);
  });

  test('countParams is the number of values in the weights', () => {
    const layer = engine.bind(make({ name: 'counted' }));
    expectError(
      () => layer.countParams(),
      ValueError,
      "You tried to call `countParams` on counted, but the layer isn't built. " +
        'You can build it manually via: `counted.build(batchInputShape)`.',
    );
    layer.addVariable('count', [7], { trainable: false });
    layer.build([null, 5, 5, 4]);
    expect(layer.countParams()).toBe(3 * 3 * 4 * 2 + 2 + 7);
    layer.trainable = false;
    expect(layer.countParams()).toBe(3 * 3 * 4 * 2 + 2 + 7);
  });

  test('getWeights are copies of the values, in the order of weights', () => {
    const layer = engine.bind(make({ biasInitializer: 'ones' }));
    layer.build([null, 5, 5, 1]);
    const weights = layer.getWeights();
    expect(weights.map((w) => w.length)).toEqual([18, 2]);
    expect(weights[1]).toEqual(Float32Array.of(1, 1));
    weights[1].fill(9);
    expect(layer.bias?.dataSync()).toEqual(Float32Array.of(1, 1));
  });

  test('setWeights assigns all or none', () => {
    const layer = engine.bind(make({ name: 'set' }));
    layer.build([null, 5, 5, 1]);
    const before = layer.getWeights();
    expectError(
      () => layer.setWeights([wave(18)]),
      ValueError,
      "layer 'set': setWeights takes 2 arrays (set/kernel:0 [3, 3, 1, 2], set/bias:0 [2]), got 1",
    );
    expectError(
      () => layer.setWeights([wave(18), wave(3)]),
      ValueError,
      "variable 'set/bias:0': shape [2] holds 2 values, got 3",
    );
    expect(layer.getWeights()).toEqual(before);
    layer.setWeights([wave(18), [3, 4]]);
    expect(layer.getWeights()).toEqual([wave(18), Float32Array.of(3, 4)]);
    expectClose(layer.apply(engine.tensor(new Float32Array(9), [1, 3, 3, 1])).dataSync(), [3, 4]);
  });
});
