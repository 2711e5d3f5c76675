import { conv2d } from '@convoy/conv2d';
import { add, AttributeError, reduceSum, ValueError, type SymbolicTensor } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { expectClose } from './numbers.js';
import { trainOneStep } from './one-step.js';

const single = { filters: 1, kernelSize: 1, inputShape: [1, 1, 1] } as const;

describe('Surprises', () => {
  test('the first unnamed layer is conv2d_1 and has its variables in conv2d', async () => {
    const engine = await freshEngine();
    const layer = conv2d(single);
    layer.apply(engine.input({ shape: [1, 1, 1] }));
    expect([layer.name, layer.scopeName, ...layer.weights.map((v) => v.name)]).toEqual([
      'conv2d_1',
      'conv2d',
      'conv2d/kernel:0',
      'conv2d/bias:0',
    ]);
  });

  test('every call on a symbolic tensor records a node, on a plain input or an op too; a concrete call records none', async () => {
    const engine = await freshEngine();
    const layer = conv2d(single);
    const x = engine.input({ shape: [1, 1, 1] });
    const changed = add(x, 1);
    const [y, y2] = [layer.apply(x), layer.apply(changed)];
    layer.apply(engine.tensor([1], [1, 1, 1, 1]));
    expect(layer.inboundNodes).toHaveLength(2);
    expect([layer.getInputAt(0), layer.getInputAt(1)]).toEqual([x, changed]);
    expect([layer.getOutputAt(0), layer.getOutputAt(1)]).toEqual([y, y2]);
    expect(y.inboundNode).toMatchObject({ layer, inputs: [x], outputs: [y] });
  });

  test('constraints act in training: with nonNeg a kernel that is drawn towards -3 ends at 0', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ ...single, useBias: false, kernelInitializer: 'ones', kernelConstraint: 'nonNeg' });
    const model = engine.sequential([layer]);
    model.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: 'meanSquaredError' });
    await model.fit({ x: Float32Array.of(1), y: Float32Array.of(-3) }, { epochs: 5 });
    expect(layer.getWeights()).toEqual([Float32Array.of(0)]);
  });

  test('a dilated convolution is trained as any other', async () => {
    const engine = await freshEngine();
    const layer = conv2d({
      filters: 1,
      kernelSize: [1, 2],
      dilationRate: [1, 2],
      useBias: false,
      inputShape: [1, 3, 1],
      kernelInitializer: 'ones',
    });
    const model = engine.sequential([layer]);
    await trainOneStep(model, { x: Float32Array.of(1, 5, 2), y: Float32Array.of(0), batchSize: 1 });
    // y = 1·k₀ + 2·k₁ = 3; dL/dk = 2·3·(1, 2)
    expectClose(layer.getWeights()[0], [1 - 0.6, 1 - 1.2]);
  });

  test('a layer that is refused an input has made nothing, and takes the next', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ filters: 1, kernelSize: 3, kernelRegularizer: 'l2' });
    expectError(() => layer.apply(engine.input({ shape: [2, 5, 1] })), ValueError, /Negative dimension size/);
    expect([layer.built, layer.losses.length, layer.inboundNodes.length]).toEqual([false, 0, 0]);
    expect(engine.graph.getCollection('variables')).toEqual([]);
    expect(layer.apply(engine.input({ shape: [3, 5, 1] })).shape).toEqual([null, 1, 3, 1]);
    expect(layer.losses).toHaveLength(1);
  });

  test('a reusing layer owns nothing', async () => {
    const engine = await freshEngine();
    const x = engine.input({ shape: [1, 1, 1] });
    const options = { ...single, name: 'a', kernelRegularizer: 'l2' };
    conv2d(options).apply(x);
    const guest = conv2d({ ...options, reuse: true });
    guest.apply(x);
    expect([guest.weights, guest.countParams(), guest.losses]).toEqual([[], 0, []]);
  });

  test('what a loss depends on is found through the graph', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ ...single, activityRegularizer: 'l2' });
    const x = engine.input({ shape: [1, 1, 1] });
    layer.apply(add(add(x, 1), 2));
    expect(layer.getLossesFor(x)).toHaveLength(1);
    expect(layer.getLossesFor(engine.input({ shape: [1, 1, 1] }))).toHaveLength(0);
  });

  test('activity losses come one for each call, those of weights once', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ ...single, activityRegularizer: 'l2', kernelRegularizer: 'l2' });
    const counts = [1, 2, 3].map(() => {
      layer.apply(engine.input({ shape: [1, 1, 1] }));
      return layer.losses.length;
    });
    expect(counts).toEqual([2, 3, 4]);
  });

  test('the model adds the losses of its layers to the training loss', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ ...single, kernelInitializer: 'ones', kernelRegularizer: (w) => reduceSum(w) });
    const model = engine.sequential([layer]);
    const value = Float32Array.of(4);
    expectClose([await trainOneStep(model, { x: value, y: value, batchSize: 1 })], [1]);
    expectClose(layer.getWeights()[0], [0.9]);
  });

  test('losses are tensors: a number or null is an AttributeError', async () => {
    const engine = await freshEngine();
    const layer = engine.bind(conv2d(single));
    for (const value of [3, null]) {
      expectError(() => layer.addLoss(untyped<SymbolicTensor>(value)), AttributeError, /addLoss takes scalars/);
    }
  });
});
