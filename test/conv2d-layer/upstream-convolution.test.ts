import { conv2d } from '@convoy/conv2d';
import { max, reduceSum, type Engine, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';

const input = (engine: Engine, channels = 4) => engine.input({ shape: [7, 9, channels] });
const made = (engine: Engine): number => engine.graph.getCollection('trainableVariables').length;

/** TensorFlow's functional `conv2d(x, 32, [3, 3], name=…)`: a new layer at each call. */
function functional(x: SymbolicTensor, options: object = {}): SymbolicTensor {
  return conv2d({ filters: 32, kernelSize: [3, 3], ...options }).apply(x);
}

describe('Upstream tests', () => {
  test('testCreateConv2D: a layer with relu ends in the op relu, and its nodes carry its name', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ filters: 32, kernelSize: [3, 3], activation: 'relu' });
    const output = layer.apply(input(engine));
    expect([output.op.name, output.scope, output.shape]).toEqual(['relu', 'conv2d_1', [null, 5, 7, 32]]);
    const [biasAdd] = output.inputs;
    expect([biasAdd.op.name, biasAdd.inputs[0].op.name]).toEqual(['add', 'conv2d']);
    expect([layer.kernel?.shape, layer.bias?.shape]).toEqual([[3, 3, 4, 32], [32]]);
  });

  test('testConv2DChannelsFirst: the kernel is made of the channels on axis 1', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ filters: 32, kernelSize: [3, 3], dataFormat: 'channels_first' });
    expect(layer.apply(engine.input({ shape: [4, 7, 9] })).shape).toEqual([null, 32, 5, 7]);
    expect([layer.kernel?.shape, layer.bias?.shape]).toEqual([[3, 3, 4, 32], [32]]);
  });

  test('testConv2DPaddingSame: the output is as large as the input', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ filters: 64, kernelSize: 1, padding: 'same' });
    expect(layer.apply(input(engine, 32)).shape).toEqual([null, 7, 9, 64]);
  });

  test('testCreateConvWithStrides: with same, the size is divided by the strides and rounded up', async () => {
    const engine = await freshEngine();
    const shapeWith = (strides: number | [number, number]) =>
      conv2d({ filters: 32, kernelSize: [3, 3], strides, padding: 'same' }).apply(engine.input({ shape: [6, 8, 3] }))
        .shape;
    expect(shapeWith([2, 2])).toEqual([null, 3, 4, 32]);
    expect(shapeWith(2)).toEqual([null, 3, 4, 32]);
    expect(shapeWith([2, 1])).toEqual([null, 3, 8, 32]);
  });

  test('testConv2DNoBias: without bias the convolution itself is activated', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ filters: 32, kernelSize: [3, 3], activation: 'relu', useBias: false });
    const output = layer.apply(input(engine));
    expect([output.op.name, output.inputs[0].op.name]).toEqual(['relu', 'conv2d']);
    expect(layer.bias).toBeNull();
    expect(layer.weights).toHaveLength(1);
  });

  test('testDilatedConv2D: a dilated window takes more of the input', async () => {
    const engine = await freshEngine();
    const shapeWith = (dilationRate: number | [number, number]) =>
      conv2d({ filters: 32, kernelSize: [3, 3], dilationRate }).apply(input(engine)).shape;
    expect(shapeWith(3)).toEqual([null, 1, 3, 32]);
    expect(shapeWith([1, 3])).toEqual([null, 5, 3, 32]);
  });

  test('testFunctionalConv2DReuse: two calls of one name make two variables, the second with reuse', async () => {
    const engine = await freshEngine();
    functional(input(engine), { name: 'conv1', scope: 'conv1' });
    expect(made(engine)).toBe(2);
    functional(input(engine), { name: 'conv1', scope: 'conv1', reuse: true });
    expect(made(engine)).toBe(2);
    expect(() => functional(input(engine), { name: 'conv1', scope: 'conv1' })).toThrow(
      'Variable conv1/kernel:0 already exists, disallowed.',
    );
  });

  test('testFunctionalConv2DReuseFromScope: the scope may ask for the reuse', async () => {
    const engine = await freshEngine();
    engine.variableScope('scope', {}, () => functional(input(engine), { name: 'conv1' }));
    expect(made(engine)).toBe(2);
    engine.variableScope('scope', { reuse: true }, () => functional(input(engine), { name: 'conv1' }));
    expect(made(engine)).toBe(2);
  });

  test("testFunctionalConv2DInitializerFromScope: the scope's initializer reaches the kernel, the bias keeps zeros", async () => {
    const engine = await freshEngine();
    engine.variableScope('scope', { initializer: 'ones' }, () => functional(input(engine), { name: 'conv1' }));
    const [kernel, bias] = engine.graph.getCollection('trainableVariables');
    expect([kernel.name, bias.name]).toEqual(['scope/conv1/kernel:0', 'scope/conv1/bias:0']);
    expect(kernel.dataSync()).toEqual(new Float32Array(3 * 3 * 4 * 32).fill(1));
    expect(bias.dataSync()).toEqual(new Float32Array(32));
  });

  test('testFunctionalConv2DNoReuse: two calls without names make four variables', async () => {
    const engine = await freshEngine();
    functional(input(engine));
    expect(made(engine)).toBe(2);
    functional(input(engine));
    expect(made(engine)).toBe(4);
  });

  test('testConv2DKernelRegularizer and testConv2DBiasRegularizer: one loss, the same in layer and collection', async () => {
    for (const regularized of ['kernelRegularizer', 'biasRegularizer']) {
      const engine = await freshEngine();
      const layer = conv2d({
        filters: 32,
        kernelSize: [3, 3],
        [regularized]: (w: SymbolicTensor) => reduceSum(w),
      });
      layer.apply(input(engine));
      const losses = engine.graph.getCollection('regularizationLosses');
      expect(losses).toHaveLength(1);
      expect(layer.losses).toEqual(losses);
    }
  });

  test('testConstraints: the layer and its variables keep the very functions', async () => {
    const engine = await freshEngine();
    const kernelConstraint = (w: SymbolicTensor) => max(w, 0);
    const biasConstraint = (w: SymbolicTensor) => max(w, 1);
    const layer = conv2d({ filters: 2, kernelSize: 3, kernelConstraint, biasConstraint });
    layer.apply(input(engine));
    expect([layer.kernelConstraint, layer.biasConstraint]).toEqual([kernelConstraint, biasConstraint]);
    expect(layer.weights.map((v) => v.constraint?.project)).toEqual([kernelConstraint, biasConstraint]);
  });
});
