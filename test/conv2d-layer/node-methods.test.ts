import { conv2d } from '@convoy/conv2d';
import { add, Layer, RuntimeError, ValueError, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError } from './expect-error.js';

const engine = await engineOfFile();
const input = (height = 4, width = 5) => engine.input({ shape: [height, width, 1] });

class Sum extends Layer {
  call([a, b]: readonly SymbolicTensor[]): SymbolicTensor {
    return add(a, b);
  }
}

type Query = 'getInputAt' | 'getOutputAt' | 'getInputShapeAt' | 'getOutputShapeAt';

/** A layer that was called twice: what each call was given, what it gave, and what `query` answers. */
function calledTwice(query: Query, what: string) {
  const layer = conv2d({ filters: 2, kernelSize: 3 });
  expectError(() => layer[query](0), RuntimeError, `The layer has never been called and thus has no defined ${what}.`);
  const inputs = [input(4, 5), input(6, 7)];
  const outputs = inputs.map((x) => layer.apply(x));
  for (const index of [-1, 2, 0.5, Number.NaN]) {
    expectError(
      () => layer[query](index),
      ValueError,
      `Asked to get ${what} at node ${index}, but the layer has only 2 inbound nodes.`,
    );
  }
  return { inputs, outputs, answers: [layer[query](0), layer[query](1)] };
}

describe('Methods', () => {
  test('getInputAt is the input of one call', () => {
    const { inputs, answers } = calledTwice('getInputAt', 'input');
    expect(answers[0]).toBe(inputs[0]);
    expect(answers[1]).toBe(inputs[1]);
  });

  test('getOutputAt is the output of one call', () => {
    const { outputs, answers } = calledTwice('getOutputAt', 'output');
    expect(answers[0]).toBe(outputs[0]);
    expect(answers[1]).toBe(outputs[1]);
  });

  test('getInputShapeAt is the shape of the input of one call', () => {
    expect(calledTwice('getInputShapeAt', 'input shape').answers).toEqual([
      [null, 4, 5, 1],
      [null, 6, 7, 1],
    ]);
  });

  test('getOutputShapeAt is the shape of the output of one call', () => {
    expect(calledTwice('getOutputShapeAt', 'output shape').answers).toEqual([
      [null, 2, 3, 2],
      [null, 4, 5, 2],
    ]);
  });

  test('a call on several tensors is answered with lists', () => {
    const layer = new Sum({});
    const [a, b] = [input(), input()];
    layer.apply([a, b]);
    expect(layer.getInputAt(0)).toEqual([a, b]);
    expect(layer.getInputShapeAt(0)).toEqual([a.shape, b.shape]);
    expect(layer.getOutputShapeAt(0)).toEqual(a.shape);
  });
});
