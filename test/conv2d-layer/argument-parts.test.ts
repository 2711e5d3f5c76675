import { conv2d } from '@convoy/conv2d';
import { constraints, max, mul, reduceSum, regularizers, square, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectClose, squares, wave } from './numbers.js';
import { trainOneStep } from './one-step.js';

const engine = await engineOfFile();
const input = (height = 4, width = 4, channels = 2) => engine.input({ shape: [height, width, channels] });
const scalar = (value: unknown): number => engine.compute(value as SymbolicTensor).dataSync()[0];

describe('Arguments', () => {
  test('kernelInitializer null is that of the variable scope, else glorotUniform', () => {
    const limit = Math.sqrt(6 / (9 * 2 + 9 * 8));
    const plain = conv2d({ filters: 8, kernelSize: 3 });
    plain.apply(input());
    const values = plain.kernel?.dataSync() ?? [];
    expect(plain.kernelInitializer).toBeNull();
    expect(Math.max(...values)).toBeLessThan(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.9 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.9 * limit);
    const inScope = engine.variableScope('ones', { initializer: 'ones' }, () => {
      const layer = conv2d({ filters: 8, kernelSize: 3, kernelInitializer: null });
      layer.apply(input());
      return layer;
    });
    expect(new Set(inScope.kernel?.dataSync())).toEqual(new Set([1]));
  });

  test('kernelInitializer as a function is given the full shape and random numbers', () => {
    const given: (readonly number[])[] = [];
    const layer = conv2d({
      filters: 2,
      kernelSize: [1, 3],
      kernelInitializer: ({ shape, random }) => {
        given.push(shape);
        return Float32Array.from({ length: 12 }, (_, i) => i + random.uniform(i));
      },
    });
    layer.apply(input());
    expect(given).toEqual([[1, 3, 2, 2]]);
    expect([...(layer.kernel?.dataSync() ?? [])].map(Math.floor)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  test('biasInitializer is zeros unless given; null is not zeros but the default of all initializers', () => {
    const plain = conv2d({ filters: 32, kernelSize: 1 });
    plain.apply(input());
    expect(plain.biasInitializer).toBe('zeros');
    expect(new Set(plain.bias?.dataSync())).toEqual(new Set([0]));
    const drawn = conv2d({ filters: 32, kernelSize: 1, biasInitializer: null });
    drawn.apply(input());
    expect(drawn.biasInitializer).toBeNull();
    const largest = Math.max(...(drawn.bias?.dataSync() ?? []).map(Math.abs));
    // fan-in and fan-out are both 32
    expect(largest).toBeLessThan(0.306186);
    expect(largest).toBeGreaterThan(0.9 * 0.306186);
  });

  test('kernelRegularizer makes one loss of the kernel', () => {
    const layer = conv2d({ filters: 3, kernelSize: 2, kernelRegularizer: (w) => mul(reduceSum(square(w)), 0.5) });
    layer.apply(input());
    layer.apply(input());
    expect(layer.losses).toHaveLength(1);
    expectClose([scalar(layer.losses[0])], [0.5 * squares(layer.kernel?.dataSync() ?? [])]);
  });

  test('biasRegularizer makes one loss of the bias', () => {
    const layer = conv2d({ filters: 3, kernelSize: 2, biasInitializer: 'ones', biasRegularizer: regularizers.l1() });
    layer.apply(input());
    layer.apply(input());
    expect(layer.losses).toHaveLength(1);
    expectClose([scalar(layer.losses[0])], [3 * 0.01]);
  });

  test('a weight regularizer that gives null makes no loss', () => {
    const none = (): SymbolicTensor => null as never;
    const layer = conv2d({ filters: 3, kernelSize: 2, kernelRegularizer: none, biasRegularizer: none });
    layer.apply(input());
    expect(layer.losses).toHaveLength(0);
  });

  test('activityRegularizer makes a loss of each output, after bias and activation, summed over the batch', async () => {
    const fresh = await freshEngine();
    const layer = conv2d({
      filters: 1,
      kernelSize: 1,
      inputShape: [1, 2, 1],
      kernelInitializer: 'ones',
      biasInitializer: 'ones',
      activation: 'relu',
      activityRegularizer: (y) => reduceSum(y),
    });
    const model = fresh.sequential([layer]);
    // relu(x + 1) is 3, 0, 2, 1 and the targets are the same: all of the loss is the activity's.
    const loss = await trainOneStep(model, {
      x: Float32Array.of(2, -5, 1, 0),
      y: Float32Array.of(3, 0, 2, 1),
      batchSize: 2,
    });
    expect(loss).toBeCloseTo(6, 5);
    layer.apply(fresh.input({ shape: [1, 2, 1] }));
    expect(layer.losses).toHaveLength(2);
  });

  test('kernelConstraint maps the kernel after each update; the layer and the variable keep it', async () => {
    const fresh = await freshEngine();
    const halfSpace = (w: SymbolicTensor): SymbolicTensor => max(w, 0.25);
    const layer = conv2d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 1], kernelConstraint: halfSpace });
    const model = fresh.sequential([layer]);
    expect(layer.kernelConstraint).toBe(halfSpace);
    expect(layer.kernel?.constraint?.project).toBe(halfSpace);
    expect(layer.bias?.constraint).toBeNull();
    expect(Math.min(...(layer.kernel?.dataSync() ?? []))).toBeLessThan(0.25);
    await trainOneStep(model, { x: wave(27), y: wave(24), batchSize: 3 });
    expect(Math.min(...(layer.kernel?.dataSync() ?? []))).toBe(0.25);
  });

  test('biasConstraint maps the bias after each update', async () => {
    const fresh = await freshEngine();
    const nonNeg = constraints.nonNeg();
    const layer = conv2d({ filters: 1, kernelSize: 1, inputShape: [1, 1, 1], biasConstraint: nonNeg });
    const model = fresh.sequential([layer]);
    expect(layer.biasConstraint).toBe(nonNeg);
    expect(layer.bias?.constraint).toBe(nonNeg);
    await trainOneStep(model, { x: Float32Array.of(0), y: Float32Array.of(-5), batchSize: 1 });
    expect(layer.bias?.dataSync()).toEqual(Float32Array.of(0));
    await trainOneStep(model, { x: Float32Array.of(0), y: Float32Array.of(5), batchSize: 1 });
    expect(layer.bias?.dataSync()[0]).toBeCloseTo(1, 5);
  });

  test('trainable false keeps the weights to the bit', async () => {
    const fresh = await freshEngine();
    const frozen = conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1], trainable: false });
    const open = conv2d({ filters: 1, kernelSize: 3 });
    const model = fresh.sequential([frozen, open]);
    expect([frozen.trainable, open.trainable]).toEqual([false, true]);
    const before = [frozen.getWeights(), open.getWeights()];
    await trainOneStep(model, { x: wave(48), y: wave(3), batchSize: 3 });
    expect(frozen.getWeights()).toEqual(before[0]);
    expect(open.getWeights()).not.toEqual(before[1]);
  });

  test('name is the given one; without, one is made when the layer is bound', async () => {
    const fresh = await freshEngine();
    const [given, first, second] = [
      conv2d({ filters: 1, kernelSize: 1, name: 'edges' }),
      conv2d({ filters: 1, kernelSize: 1 }),
      conv2d({ filters: 1, kernelSize: 1, name: null }),
    ];
    expect([given.name, first.name, second.name]).toEqual(['edges', null, null]);
    for (const layer of [given, first, second]) fresh.bind(layer);
    expect([given.name, first.name, second.name]).toEqual(['edges', 'conv2d_1', 'conv2d_2']);
  });
});
