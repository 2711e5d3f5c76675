import { conv2d } from '@convoy/conv2d';
import { Layer, mul, regularizers, ValueError, type SymbolicTensor, type Variable } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError } from './expect-error.js';
import { wave } from './numbers.js';
import { trainOneStep } from './one-step.js';

const engine = await engineOfFile();
const input = () => engine.input({ shape: [4, 4, 1] });
const make = (options: object = {}) => conv2d({ filters: 2, kernelSize: 3, ...options });

describe('Config and copies', () => {
  test('deepCopy has the options, name and scope of its original, and no inbound nodes', () => {
    const activation = (y: SymbolicTensor) => mul(y, 2);
    const layer = make({ activation, strides: 2, kernelConstraint: 'nonNeg' });
    layer.apply(input());
    layer.trainable = false;
    const copy = layer.deepCopy();
    expect(copy).not.toBe(layer);
    expect(copy).toBeInstanceOf(layer.constructor);
    expect([copy.name, copy.scopeName, copy.built, copy.trainable]).toEqual([layer.name, layer.scopeName, true, false]);
    expect(copy.activation).toBe(activation);
    expect(copy.getConfig.bind(copy)).toThrow(/activation is a bare function/);
    expect([copy.strides, copy.dtype, copy.graph]).toEqual([layer.strides, layer.dtype, layer.graph]);
    expect(copy.inboundNodes).toHaveLength(0);
    expect(layer.inboundNodes).toHaveLength(1);
  });

  test('deepCopy has variables of its own, of the same names, values and constraints', async () => {
    const layer = make({ kernelConstraint: 'nonNeg', inputShape: [4, 4, 1] });
    const model = engine.sequential([layer]);
    const copy = layer.deepCopy();
    expect(copy.weights.map((v) => v.name)).toEqual(layer.weights.map((v) => v.name));
    expect(copy.getWeights()).toEqual(layer.getWeights());
    expect(copy.kernel).toBe(copy.weights[0]);
    expect(copy.kernel).not.toBe(layer.kernel);
    expect(copy.kernel?.constraint).toBe(layer.kernel?.constraint);
    const before = copy.getWeights();
    await trainOneStep(model, { x: wave(16), y: wave(8), batchSize: 1 });
    expect(copy.getWeights()).toEqual(before);
    expect(layer.getWeights()).not.toEqual(before);
  });

  test('deepCopy regularizes its own variables', () => {
    const layer = make({ kernelRegularizer: regularizers.l1({ l1: 1 }), useBias: false });
    layer.apply(input());
    const copy = layer.deepCopy();
    copy.setWeights([new Float32Array(18).fill(2)]);
    expect(copy.losses).toHaveLength(1);
    expect(engine.compute(copy.losses[0] as SymbolicTensor).dataSync()[0]).toBe(36);
    expect(layer.losses).toHaveLength(1);
  });

  test('deepCopy of a layer in a memo is what the memo says, and enters the memo', () => {
    const layer = make();
    const memo = new Map<object, object>();
    const copy = layer.deepCopy(memo);
    expect(memo.get(layer)).toBe(copy);
    expect(layer.deepCopy(memo)).toBe(copy);
    expect(layer.deepCopy()).not.toBe(copy);
  });

  test('deepCopy of a layer without an engine can be bound by itself', () => {
    const copy = make({ name: 'free' }).deepCopy();
    expect([copy.bound, copy.built, copy.name]).toEqual([false, false, 'free']);
    copy.apply(input());
    expect(copy.weights).toHaveLength(2);
  });

  test("deepCopy copies what a subclass keeps: lists are the copy's own, variables in them too", () => {
    class Listing extends Layer {
      readonly factors: Variable[] = [];
      readonly notes = { calls: [1] };
      override build(): void {
        this.factors.push(this.addVariable('a', [1]), this.addVariable('b', [1]));
      }
      call(x: SymbolicTensor): SymbolicTensor {
        return mul(mul(x, this.factors[0]), this.factors[1]);
      }
    }
    const layer = new Listing({});
    layer.apply(input());
    const copy = layer.deepCopy();
    expect(copy.factors).toEqual(copy.weights);
    expect(copy.factors[0]).not.toBe(layer.factors[0]);
    expect(copy.notes).toEqual({ calls: [1] });
    copy.notes.calls.push(2);
    expect(layer.notes).toEqual({ calls: [1] });
    expect(layer.factors).toEqual(layer.weights);
  });

  test('a layer and its copy in one model are refused: weights are known by name', () => {
    const layer = make({ kernelSize: 1, filters: 1, name: 'twin' });
    const x = input();
    const y = layer.apply(x);
    expectError(
      () => engine.model({ inputs: x, outputs: layer.deepCopy().apply(y) }),
      ValueError,
      "model: two variables are called 'twin/kernel:0'; weights are saved by name, so give their layers different names",
    );
  });
});
