import { conv2d } from '@convoy/conv2d';
import {
  initializers,
  Layer,
  mul,
  partitioners,
  UnknownOptionError,
  ValueError,
  type LayerOptions,
  type SymbolicTensor,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { expectClose, wave } from './numbers.js';

const engine = await engineOfFile();

class Plain extends Layer {
  call(x: SymbolicTensor): SymbolicTensor {
    return mul(x, 2);
  }
}
const plain = (options: LayerOptions = {}) => engine.bind(new Plain(options));
const largest = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs));

describe('Variables', () => {
  test('the kernel is [height, width, inChannels, filters] in both data formats', () => {
    for (const [dataFormat, shape] of [
      ['channelsLast', [null, 7, 8, 3]],
      ['channelsFirst', [null, 3, 7, 8]],
    ] as const) {
      const layer = engine.bind(conv2d({ filters: 4, kernelSize: [2, 5], dataFormat }));
      layer.build(shape);
      expect(layer.weights.map((v) => v.shape)).toEqual([[2, 5, 3, 4], [4]]);
      expect(layer.weights).toEqual([layer.kernel, layer.bias]);
    }
  });

  test('the bias is added on the channel axis of the data format', () => {
    for (const [dataFormat, shape] of [
      ['channelsLast', [1, 2, 3, 1]],
      ['channelsFirst', [1, 1, 2, 3]],
    ] as const) {
      const layer = conv2d({
        filters: 2,
        kernelSize: 1,
        dataFormat,
        kernelInitializer: 'zeros',
        biasInitializer: () => Float32Array.of(1, 2),
      });
      const y = layer.apply(engine.tensor(wave(6), shape)).dataSync();
      const expected = dataFormat === 'channelsLast' ? [1, 2, 1, 2, 1, 2] : [1, 1, 1, 1, 1, 1];
      expect(Array.from(y.subarray(0, 6))).toEqual(expected);
    }
  });

  test('default values are glorotUniform of the full shape, and depend on seed and name alone', async () => {
    for (const [shape, limit] of [
      [[3, 3, 4, 32], 0.136083],
      [[5, 5, 1, 6], 0.185164],
      [[1, 1, 1, 1], 1.732051],
      [[32], 0.306186],
      [[200, 100], Math.sqrt(6 / 300)],
      [[], Math.sqrt(3)],
    ] as const) {
      const values = plain().addVariable('v', shape).dataSync();
      expect(largest(values)).toBeLessThanOrEqual(limit);
      if (values.length > 30) expect(largest(values)).toBeGreaterThan(0.9 * limit);
    }
    const whole = engine.bind(plain({ name: 'same', scope: 'same' })).addVariable('v', [6, 4]);
    const other = await freshEngine();
    const cut = other
      .bind(new Plain({ scope: 'same' }))
      .addVariable('v', [6, 4], { partitioner: partitioners.fixedSize({ numShards: 3 }) });
    expect(cut.dataSync()).toEqual(whole.dataSync());
  });

  test('a truncated normal of variance scaling has the deviation of version 1.7 before it is cut', () => {
    const initializer = initializers.varianceScaling({ scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' });
    const values = plain().addVariable('v', [50, 400], { initializer }).dataSync();
    const stddev = Math.sqrt(2 / 50);
    const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    expect(largest(values)).toBeLessThanOrEqual(2 * stddev);
    expect(Math.sqrt(variance)).toBeCloseTo(0.8796 * stddev, 2);
  });

  test('an initializer must give as many values as the shape holds', () => {
    for (const length of [3, 5]) {
      expectError(
        () =>
          plain({ scope: 'short' }).addVariable(`v${length}`, [2, 2], { initializer: () => new Float32Array(length) }),
        ValueError,
        new RegExp(`short/v${length}:0.*${length}`),
      );
    }
  });

  test('an initial value is not projected, nor is one that is assigned', () => {
    const layer = engine.bind(conv2d({ filters: 2, kernelSize: 3, kernelConstraint: 'nonNeg' }));
    layer.build([null, 5, 5, 1]);
    expect(Math.min(...(layer.kernel?.dataSync() ?? []))).toBeLessThan(0);
    layer.kernel?.assign(new Float32Array(18).fill(-1));
    expect(layer.kernel?.dataSync()[0]).toBe(-1);
  });

  test('addVariable makes SCOPE/NAME:0, with the options that it is given', () => {
    const layer = plain({ name: 'my_layer' });
    const variable = layer.addVariable('my_var', [2, 3], {
      initializer: initializers.constant({ value: 4 }),
      regularizer: 'l2',
      constraint: 'nonNeg',
      dtype: 'float32',
    });
    const counter = layer.addVariable('count', [], { initializer: 'zeros', trainable: false });
    expect([variable.name, counter.name]).toEqual(['my_layer/my_var:0', 'my_layer/count:0']);
    expect([variable.shape, variable.dtype, variable.size]).toEqual([[2, 3], 'float32', 6]);
    expect(new Set(variable.dataSync())).toEqual(new Set([4]));
    expect(layer.losses).toHaveLength(1);
    expect(variable.constraint).not.toBeNull();
    expect([layer.trainableVariables, layer.nonTrainableVariables]).toEqual([[variable], [counter]]);
  });

  test('addVariable refuses unknown lengths, other types and unknown options', () => {
    const layer = plain({ name: 'strict' });
    for (const shape of [[null, 3], [2.5], [-1]]) {
      expectError(
        () => layer.addVariable('v', shape),
        ValueError,
        /^Shape of a new variable \(strict\/v:0\) must be fully defined, but instead was \[/,
      );
    }
    expectError(
      () => layer.addVariable('v', [1], { dtype: 'int32' }),
      ValueError,
      "variable 'strict/v:0': dtype must be 'float32'. Received: int32",
    );
    expectError(() => layer.addVariable('v', [1], untyped({ regulariser: 'l2' })), UnknownOptionError, /'regularizer'/);
  });

  test('addVariable refuses a name that is taken until the layer is built, and then gets the variable', () => {
    const layer = plain({ name: 'taken' });
    const variable = layer.addVariable('v', [2]);
    expectError(
      () => layer.addVariable('v', [2]),
      ValueError,
      "Variable taken/v:0 already exists, disallowed. Did you mean to set reuse: true or reuse: 'auto' in the " +
        'variable scope?',
    );
    layer.apply(engine.input({ shape: [3] }));
    expect(layer.addVariable('v', [2])).toBe(variable);
    expectError(
      () => layer.addVariable('v', [3]),
      ValueError,
      'Trying to share variable taken/v:0, but specified shape [3] and found shape [2].',
    );
    expectError(
      () => layer.addVariable('later', [1]),
      ValueError,
      'Variable taken/later:0 does not exist, or was not created with addVariable. Did you mean to set reuse: ' +
        "'auto' in the variable scope?",
    );
    expect(layer.variables).toEqual([variable]);
  });

  test('a variable is in the trainable collection when it and its layer were trainable at its creation', async () => {
    const fresh = await freshEngine();
    const closed = fresh.bind(conv2d({ filters: 1, kernelSize: 1, name: 'closed', trainable: false }));
    closed.build([null, 3, 3, 1]);
    const open = fresh.bind(conv2d({ filters: 1, kernelSize: 1, name: 'open' }));
    open.addVariable('count', [], { trainable: false });
    open.build([null, 3, 3, 1]);
    const collected = () => fresh.graph.getCollection('trainableVariables').map((v) => v.name);
    expect(collected()).toEqual(['open/kernel:0', 'open/bias:0']);
    expect(fresh.graph.getCollection('variables')).toHaveLength(5);
    closed.trainable = true;
    open.trainable = false;
    expect(closed.trainableWeights).toHaveLength(2);
    expect(open.trainableWeights).toEqual([]);
    expect(collected()).toEqual(['open/kernel:0', 'open/bias:0']);
  });

  test('a refused build leaves no variable behind: a second try meets the same refusal', () => {
    const x = engine.input({ shape: [4, 4, 1] });
    const wrong = [
      { biasInitializer: 'nought' },
      { kernelRegularizer: 'l3' },
      { biasConstraint: 'nonNegative' },
      { kernelRegularizer: (w: SymbolicTensor) => w },
      { activation: 'rellu' },
    ];
    for (const options of wrong) {
      const layer = conv2d({ filters: 1, kernelSize: 2, name: 'refused', ...options });
      const before = engine.graph.getCollection('variables').length;
      const messages = [1, 2].map(() => {
        try {
          layer.apply(x);
          return 'nothing was refused';
        } catch (error) {
          return (error as Error).message;
        }
      });
      expect(messages[1]).toBe(messages[0]);
      expect(messages[0]).toMatch(/^layer 'refused': /);
      expect(engine.graph.getCollection('variables')).toHaveLength(before);
      expect([layer.weights, layer.losses, layer.built]).toEqual([[], [], false]);
      if ('activation' in options) continue;
      const built = engine.bind(conv2d({ filters: 1, kernelSize: 2, ...options }));
      expect(() => built.build([null, 4, 4, 1])).toThrow();
      expect(engine.graph.getCollection('variables')).toHaveLength(before);
    }
  });

  test('a batch of no images gives no output, and the weights stay', () => {
    const layer = conv2d({ filters: 2, kernelSize: 3 });
    const y = layer.apply(engine.tensor([], [0, 5, 5, 1]));
    expect([y.shape, y.size]).toEqual([[0, 3, 3, 2], 0]);
    expectClose(layer.getWeights()[1], [0, 0]);
  });
});
