import { conv2d } from '@convoy/conv2d';
import {
  add,
  AttributeError,
  Layer,
  mul,
  regularizers,
  ValueError,
  type Shape,
  type SymbolicTensor,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError } from './expect-error.js';

const engine = await engineOfFile();
const input = (height = 4, width = 4, channels = 1) => engine.input({ shape: [height, width, channels] });
const make = (options: object = {}) => conv2d({ filters: 2, kernelSize: 3, ...options });

/** Adds two inputs, and keeps a count of its calls. */
class Sum extends Layer {
  call([a, b]: readonly SymbolicTensor[]): SymbolicTensor {
    return add(a, b);
  }
}

function expectAgreedShape(side: 'input' | 'output', shape: Shape, query: string): void {
  const property = `${side}Shape` as const;
  const layer = make({ name: 'shaped' });
  expectError(
    () => layer[property],
    AttributeError,
    `The layer has never been called and thus has no defined ${side} shape.`,
  );
  layer.apply(input());
  layer.apply(input());
  expect(layer[property]).toEqual(shape);
  layer.apply(input(5, 6));
  expectError(
    () => layer[property],
    AttributeError,
    `The layer "shaped" has multiple inbound nodes, with different ${side} shapes. Hence the notion of ` +
      `"${side} shape" is ill-defined for the layer. Use \`${query}(nodeIndex)\` instead.`,
  );
}

/** A layer with a variable that is not trained, and what it lists as each kind. */
function withCount() {
  const layer = engine.bind(make());
  const before = layer.weights;
  const count = layer.addVariable('count', [], { trainable: false });
  layer.apply(input());
  return { layer, count, before };
}

function expectNonTrainable(property: 'nonTrainableVariables' | 'nonTrainableWeights'): void {
  const { layer, count } = withCount();
  expect(layer[property]).toEqual([count]);
  layer.trainable = false;
  expect(layer[property]).toEqual([layer.kernel, layer.bias, count]);
}

function expectTrainable(property: 'trainableVariables' | 'trainableWeights'): void {
  const { layer } = withCount();
  expect(layer[property]).toEqual([layer.kernel, layer.bias]);
  layer.trainable = false;
  expect(layer[property]).toEqual([]);
  layer.trainable = true;
  expect(layer[property]).toEqual([layer.kernel, layer.bias]);
}

function expectAll(property: 'variables' | 'weights'): void {
  const { layer, count, before } = withCount();
  expect(before).toEqual([]);
  expect(layer[property]).toEqual([layer.kernel, layer.bias, count]);
  layer.trainable = false;
  expect(layer[property]).toEqual([layer.kernel, layer.bias, count]);
}

describe('Properties', () => {
  test('activityRegularizer is what was given, and read-only', () => {
    const regularizer = regularizers.l1();
    expect(make().activityRegularizer).toBeNull();
    const layer = make({ activityRegularizer: regularizer });
    expect(layer.activityRegularizer).toBe(regularizer);
    expect(() => Object.assign(layer, { activityRegularizer: null })).toThrow(TypeError);
  });

  test('dtype is that of the first call', () => {
    const layer = make();
    expect(layer.dtype).toBeNull();
    layer.apply(input());
    expect(layer.dtype).toBe('float32');
  });

  test('graph is null until the first call, then that of the inputs, and no other is taken', async () => {
    const other = await freshEngine();
    const layer = make({ name: 'settled' });
    expect(layer.graph).toBeNull();
    layer.apply(input());
    expect(layer.graph).toBe(engine.graph);
    for (const stranger of [other.input({ shape: [4, 4, 1] }), other.tensor([1, 2, 3, 4], [1, 2, 2, 1])]) {
      expectError(
        () => layer.apply(stranger as SymbolicTensor),
        ValueError,
        /^Input graph and Layer graph are not the same: layer 'settled' belongs to another engine/,
      );
    }
  });

  test('input is the tensor of the only call; a list of several', () => {
    const layer = make({ name: 'in' });
    expectError(() => layer.input, AttributeError, 'Layer in is not connected, no input to return.');
    const x = input();
    layer.apply(x);
    expect(layer.input).toBe(x);
    layer.apply(input());
    expectError(
      () => layer.input,
      AttributeError,
      'Layer in has multiple inbound nodes, hence the notion of "layer input" is ill-defined. ' +
        'Use `getInputAt(nodeIndex)` instead.',
    );
    const sum = new Sum({});
    sum.apply([x, x]);
    expect(sum.input).toEqual([x, x]);
  });

  test('output is the tensor that the only call gave', () => {
    const layer = make({ name: 'out' });
    expectError(() => layer.output, AttributeError, 'Layer out has no inbound nodes.');
    const y = layer.apply(input());
    expect(layer.output).toBe(y);
    layer.apply(input());
    expectError(
      () => layer.output,
      AttributeError,
      'Layer out has multiple inbound nodes, hence the notion of "layer output" is ill-defined. ' +
        'Use `getOutputAt(nodeIndex)` instead.',
    );
  });

  test('inputShape is known when all calls agree', () => {
    expectAgreedShape('input', [null, 4, 4, 1], 'getInputShapeAt');
  });

  test('outputShape is known when all calls agree', () => {
    expectAgreedShape('output', [null, 2, 2, 2], 'getOutputShapeAt');
  });

  test('losses are those of weights, once each, then those of activities, one for each call', () => {
    const layer = make({ kernelRegularizer: 'l2', biasRegularizer: 'l1', activityRegularizer: 'l2' });
    expect(layer.losses).toHaveLength(0);
    layer.apply(input());
    expect(layer.losses).toHaveLength(3);
    layer.apply(input());
    expect(layer.losses).toHaveLength(4);
    expect(layer.losses.map((loss) => loss.shape)).toEqual([[], [], [], []]);
    layer.trainable = false;
    expect(layer.losses).toHaveLength(4);
  });

  test('name is not the scope name', async () => {
    const fresh = await freshEngine();
    const layer = make();
    layer.apply(fresh.input({ shape: [4, 4, 1] }));
    expect([layer.name, layer.scopeName]).toEqual(['conv2d_1', 'conv2d']);
  });

  test('nonTrainableVariables are all, trainable ones first, while the layer is not trainable', () => {
    expectNonTrainable('nonTrainableVariables');
  });

  test('nonTrainableWeights are the same as nonTrainableVariables', () => {
    expectNonTrainable('nonTrainableWeights');
  });

  test('scopeName is where the variables are, and unknown before the first use', async () => {
    const fresh = await freshEngine();
    const layer = fresh.bind(make({ name: 'used' }));
    expectError(
      () => layer.scopeName,
      ValueError,
      'No name available for layer scope because the layer "used" has not been used yet. The scope name  is ' +
        'determined the first time the layer instance is called. You must therefore call the layer before ' +
        'querying `scopeName`.',
    );
    fresh.variableScope('outer', {}, () => layer.build([null, 4, 4, 1]));
    expect(layer.scopeName).toBe('outer/used');
    const varied = fresh.bind(make());
    varied.addVariable('extra', [1]);
    expect(varied.scopeName).toBe('conv2d');
  });

  test('trainableVariables are kernel and bias, or none while the layer is not trainable', () => {
    expectTrainable('trainableVariables');
  });

  test('trainableWeights are the same as trainableVariables', () => {
    expectTrainable('trainableWeights');
  });

  test('updates are those that were added; none while the layer is neither trainable nor stateful', () => {
    class Counting extends Layer {
      override readonly stateful: boolean = false;
      call(x: SymbolicTensor): SymbolicTensor {
        return mul(x, 2);
      }
    }
    class Remembering extends Counting {
      override readonly stateful = true;
    }
    for (const layer of [new Counting({}), new Remembering({})]) {
      const variable = engine.bind(layer).addVariable('n', [], { trainable: false });
      layer.apply(input());
      const update = { variable, value: add(variable.node, 1) };
      layer.addUpdate(update);
      expect(layer.updates).toEqual([update]);
      layer.trainable = false;
      expect(layer.updates).toEqual(layer.stateful ? [update] : []);
    }
  });

  test('variables are trainable ones, then the others: kernel, bias', () => {
    expectAll('variables');
  });

  test('weights are the same as variables', () => {
    expectAll('weights');
  });
});
