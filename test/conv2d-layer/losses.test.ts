import { conv2d } from '@convoy/conv2d';
import {
  add,
  AttributeError,
  Layer,
  mul,
  reduceSum,
  RuntimeError,
  square,
  ValueError,
  type SymbolicTensor,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { expectClose } from './numbers.js';
import { trainOneStep } from './one-step.js';

const engine = await engineOfFile();
const input = () => engine.input({ shape: [4, 4, 1] });
const make = (options: object = {}) => conv2d({ filters: 2, kernelSize: 3, ...options });

describe('Losses and updates', () => {
  test('a weight regularizer makes one loss, the same in the layer and in the collection', async () => {
    const fresh = await freshEngine();
    const layer = make({ kernelRegularizer: 'l2' });
    layer.apply(fresh.input({ shape: [4, 4, 1] }));
    layer.apply(fresh.input({ shape: [5, 5, 1] }));
    expect(layer.losses).toHaveLength(1);
    expect(fresh.graph.getCollection('regularizationLosses')).toEqual(layer.losses);
  });

  test('a regularizer must give a scalar, and a refused one leaves no call behind', () => {
    const layer = make({ name: 'unscalar', activityRegularizer: (y: SymbolicTensor) => square(y) });
    expectError(
      () => layer.apply(input()),
      ValueError,
      "layer 'unscalar': the activityRegularizer must give a scalar written in ops, got shape [batch, 2, 2, 2]",
    );
    expect(layer.inboundNodes).toHaveLength(0);
    expectError(
      () => make({ name: 'unsummed', kernelRegularizer: (w: SymbolicTensor) => w }).apply(input()),
      ValueError,
      /^layer 'unsummed': the regularizer of 'unsummed\/kernel:0' must give a scalar written in ops, got shape \[3, 3, /,
    );
  });

  test('a regularizer counts also when the layer was first applied to a concrete tensor', async () => {
    const fresh = await freshEngine();
    const layer = make({
      kernelRegularizer: 'l2',
      biasInitializer: 'ones',
      biasRegularizer: 'l1',
      inputShape: [3, 3, 1],
    });
    layer.apply(fresh.tensor(new Float32Array(9), [1, 3, 3, 1]));
    const model = fresh.sequential([layer]);
    expect(layer.losses).toHaveLength(2);
    expect(model.network.losses).toHaveLength(2);
  });

  test('a concrete call adds no loss', () => {
    const layer = make({ activityRegularizer: 'l2' });
    layer.apply(input());
    layer.apply(engine.tensor(new Float32Array(16), [1, 4, 4, 1]));
    expect(layer.losses).toHaveLength(1);
  });

  test('addLoss appends; without inputs unconditional, with any conditional', () => {
    const layer = make();
    const x = input();
    const y = layer.apply(x);
    const [ofWeights, ofInputs, marked] = [reduceSum(square(layer.kernel?.node ?? 0)), reduceSum(y), reduceSum(x)];
    layer.addLoss(ofWeights);
    layer.addLoss([ofInputs], [x]);
    layer.addLoss(marked, true);
    expect(layer.losses).toEqual([ofWeights, ofInputs, marked]);
    expect(layer.getLossesFor(null)).toEqual([ofWeights]);
    expect(layer.getLossesFor(x)).toEqual([ofInputs, marked]);
    expect(engine.graph.getCollection('regularizationLosses')).toEqual(expect.arrayContaining([ofWeights, ofInputs]));
  });

  test('addLoss refuses what is no scalar in ops', () => {
    const layer = make({ name: 'strict' });
    layer.apply(input());
    for (const [value, got] of [
      [3, 'the number 3'],
      [null, 'null'],
      [undefined, 'undefined'],
    ] as const) {
      expectError(
        () => layer.addLoss(untyped(value)),
        AttributeError,
        `layer 'strict': addLoss takes scalars written in ops, got ${got}`,
      );
    }
    const output = layer.output as SymbolicTensor;
    for (const value of [output, reduceSum(output, { axes: [1, 2, 3] }), layer.kernel?.node as SymbolicTensor]) {
      expectError(() => layer.addLoss(value, true), ValueError, /^layer 'strict': addLoss .*scalar.*\[/);
    }
    expect(layer.losses).toHaveLength(0);
    expectError(
      () => make({ name: 'free' }).addLoss(reduceSum(output)),
      RuntimeError,
      /^layer 'free' belongs to no engine/,
    );
  });

  test('getLossesFor answers by reachability: what a loss was made from, not whose it is', () => {
    const layer = make({ kernelRegularizer: 'l2', activityRegularizer: 'l2' });
    const [x1, x2] = [input(), input()];
    const y1 = add(x1, 1);
    const out1 = layer.apply(y1);
    const ofWeights = layer.getLossesFor(null);
    expect(ofWeights).toEqual([layer.losses[0]]);
    expect(layer.getLossesFor(x1)).toEqual([layer.losses[1]]);
    expect(layer.getLossesFor([y1])).toEqual([layer.losses[1]]);
    expect(layer.getLossesFor(x2)).toEqual([]);
    const y2 = mul(x2, 2);
    layer.apply(y2);
    expect(layer.getLossesFor(null)).toEqual(ofWeights);
    expect(layer.getLossesFor(x1)).toEqual([layer.losses[1]]);
    expect(layer.getLossesFor(y2)).toEqual([layer.losses[2]]);
    expect(layer.getLossesFor([x1, x2])).toEqual([layer.losses[1], layer.losses[2]]);
    // The activity loss is made of the output, which therefore leads to it.
    expect(layer.getLossesFor(out1)).toEqual([layer.losses[1]]);
  });

  test('graph.getCollection gives copies of the lists of variables, trainable ones, losses and updates', async () => {
    const fresh = await freshEngine();
    const layer = fresh.bind(make({ kernelRegularizer: 'l2' }));
    const n = layer.addVariable('n', [], { trainable: false });
    layer.apply(fresh.input({ shape: [4, 4, 1] }));
    const update = { variable: n, value: add(n.node, 1) };
    layer.addUpdate(update);
    const { graph } = fresh;
    expect(graph.getCollection('variables')).toEqual([n, layer.kernel, layer.bias]);
    expect(graph.getCollection('trainableVariables')).toEqual([layer.kernel, layer.bias]);
    expect(graph.getCollection('regularizationLosses')).toEqual(layer.losses);
    expect(graph.getCollection('updates')).toEqual([update]);
    graph.getCollection('variables').pop();
    expect(graph.getCollection('variables')).toHaveLength(3);
  });

  test('losses that a layer adds in its call count in training', async () => {
    class Penalized extends Layer {
      call(x: SymbolicTensor): SymbolicTensor {
        this.addLoss(mul(reduceSum(x), 10), [x]);
        return mul(x, 1);
      }
    }
    const fresh = await freshEngine();
    const layer = make({ filters: 1, kernelSize: 1, useBias: false, inputShape: [1, 1, 1], kernelInitializer: 'ones' });
    const model = fresh.sequential([layer, new Penalized({})]);
    const x = Float32Array.of(1, 2);
    expectClose([await trainOneStep(model, { x, y: x, batchSize: 2 })], [30]);
    expectClose(layer.getWeights()[0], [1 - 0.1 * 30]);
  });
});
