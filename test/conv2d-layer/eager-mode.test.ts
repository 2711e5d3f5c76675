import { conv2d } from '@convoy/conv2d';
import {
  add,
  AttributeError,
  NotImplementedError,
  partitioners,
  reduceSum,
  RuntimeError,
  ValueError,
  type SymbolicTensor,
  type Tensor,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError } from './expect-error.js';
import { expectClose, squares, wave } from './numbers.js';

const eager = await engineOfFile({ mode: 'eager' });
const graph = await engineOfFile();
const make = (options: object = {}) => conv2d({ filters: 2, kernelSize: 3, ...options });
const cut = partitioners.fixedSize({ numShards: 2 });

/** A layer of the eager engine that has computed. */
function used(options: object = {}) {
  const layer = make(options);
  layer.apply(eager.tensor(wave(25), [1, 5, 5, 1]));
  return layer;
}

describe('Eager mode', () => {
  test('apply computes at once what a graph engine computes, and records nothing', () => {
    const layer = used({ activation: 'relu', biasInitializer: 'ones' });
    expect([layer.built, layer.inboundNodes.length]).toEqual([true, 0]);
    const other = make({ activation: 'relu' });
    graph.bind(other).build([null, 5, 5, 1]);
    other.setWeights(layer.getWeights());
    const images = wave(50, 2);
    const y = layer.apply(eager.tensor(images, [2, 5, 5, 1]));
    expect(y.shape).toEqual([2, 3, 3, 2]);
    expect(y.dataSync()).toEqual(other.apply(graph.tensor(images, [2, 5, 5, 1])).dataSync());
  });

  test('what belongs to a graph raises a RuntimeError', () => {
    for (const layer of [used(), eager.bind(make())]) {
      const refused: [() => unknown, string][] = [
        [() => layer.input, 'Layer.input not supported in Eager mode.'],
        [() => layer.output, 'Layer.output not supported in Eager mode.'],
        [() => layer.inputShape, 'Layer.inputShape not supported in Eager mode.'],
        [() => layer.outputShape, 'Layer.outputShape not supported in Eager mode.'],
        [() => layer.graph, 'Layer.graph not supported in Eager mode.'],
        [() => layer.updates, 'Layer.updates not supported in Eager mode.'],
        [() => layer.addLoss([]), 'Layer.addLoss not supported in Eager mode.'],
        [() => layer.getLossesFor(null), 'Layer.getLossesFor not supported in Eager mode.'],
        [() => layer.getUpdatesFor(null), '`getUpdatesFor()` not supported in Eager mode.'],
        [() => layer.getInputAt(0), 'Layer.getInputAt not supported in Eager mode.'],
        [() => layer.getOutputAt(0), 'Layer.getOutputAt not supported in Eager mode.'],
        [() => layer.getInputShapeAt(0), 'Layer.getInputShapeAt not supported in Eager mode.'],
        [() => layer.getOutputShapeAt(0), 'Layer.getOutputShapeAt not supported in Eager mode.'],
      ];
      for (const [attempt, message] of refused) expectError(attempt, RuntimeError, message);
    }
  });

  test('a layer without an engine answers as in graph mode', () => {
    expectError(() => make({ name: 'free' }).input, AttributeError, 'Layer free is not connected, no input to return.');
    expect(make().graph).toBeNull();
  });

  test('an engine makes no inputs and no models', () => {
    for (const attempt of [
      () => eager.input({ shape: [1] }),
      () => eager.sequential([make({ inputShape: [5, 5, 1] })]),
      () => eager.model({ inputs: [], outputs: [] }),
    ]) {
      expectError(attempt, RuntimeError, /^engine\.(input|sequential|model) is not supported in eager mode; /);
    }
  });

  test('losses are computed at each read, from the weights of that moment', () => {
    const layer = used({ kernelRegularizer: 'l2' });
    const kernel = layer.kernel?.dataSync() ?? [];
    expect(layer.losses).toHaveLength(1);
    expectClose((layer.losses[0] as Tensor).dataSync(), [0.01 * squares(kernel)]);
    layer.setWeights([wave(18), [0, 0]]);
    expectClose((layer.losses[0] as Tensor).dataSync(), [0.01 * squares(wave(18))]);
  });

  test('addUpdate does nothing', () => {
    const layer = used();
    layer.addUpdate({ variable: layer.bias as never, value: add(layer.bias?.node as SymbolicTensor, 1) });
    expect(eager.graph.getCollection('updates')).toEqual([]);
  });

  test('an activity regularizer is refused when the layer is bound', () => {
    const layer = make({ name: 'active', activityRegularizer: (y: SymbolicTensor) => reduceSum(y) });
    for (const attempt of [() => eager.bind(layer), () => layer.apply(eager.tensor(wave(25), [1, 5, 5, 1]))]) {
      expectError(
        attempt,
        ValueError,
        /^Activity regularization is not supported when executing eagerly\. Got activityRegularizer=/,
      );
    }
    expect(graph.bind(layer).bound).toBe(true);
  });

  test('partitioned variables are refused, with another message when they are regularized', () => {
    const layer = used();
    expectError(
      () => layer.addVariable('cut', [4], { partitioner: cut }),
      NotImplementedError,
      'Partitioned variables are not yet supported when eager execution is enabled.',
    );
    expectError(
      () => layer.addVariable('cut', [4], { partitioner: cut, regularizer: 'l2' }),
      RuntimeError,
      'Partitioned variable regularization is not yet supported when executing eagerly. File a feature request if ' +
        'this is important to you.',
    );
  });

  test('weights, scopes and reuse work as in graph mode', () => {
    const layer = eager.variableScope('place', {}, () => used({ name: 'here' }));
    expect(layer.weights.map((v) => v.name)).toEqual(['place/here/kernel:0', 'place/here/bias:0']);
    expect(layer.countParams()).toBe(20);
    const guest = eager.variableScope('place', { reuse: true }, () => used({ name: 'here' }));
    expect(guest.kernel).toBe(layer.kernel);
    expect(guest.weights).toEqual([]);
  });

  test('a concrete call in a graph engine leaves the nodes of the layer as they were', () => {
    const layer = make({ activityRegularizer: 'l2' });
    const x = graph.input({ shape: [5, 5, 1] });
    const y = layer.apply(x);
    const losses = [...layer.losses];
    layer.apply(graph.tensor(wave(25), [1, 5, 5, 1]));
    expect([layer.getInputAt(0), layer.output, layer.inboundNodes.length]).toEqual([x, y, 1]);
    expect(layer.losses).toEqual(losses);
  });

  test('a model made later trains the variables that a concrete call made', async () => {
    const layer = make({ inputShape: [3, 3, 1], kernelRegularizer: 'l2' });
    layer.apply(graph.tensor(wave(9), [1, 3, 3, 1]));
    const { kernel } = layer;
    const model = graph.sequential([layer]);
    expect(model.weights[0]).toBe(kernel);
    expect(layer.inboundNodes).toHaveLength(1);
  });
});
