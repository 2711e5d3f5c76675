import { conv2d } from '@convoy/conv2d';
import { ValueError } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';

const engine = await engineOfFile();
const input = (...shape: number[]) => engine.input({ shape });
const zeros = (...shape: number[]) => engine.tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
const make = (name: string, options: object = {}) => conv2d({ name, filters: 2, kernelSize: 1, ...options });
const refused = (name: string): string => `Input 0 of layer ${name} is incompatible with the layer: `;
const REMEDY = '. Change the layer before it, or the inputShape of a first layer';

describe('Input checks', () => {
  test('an input of another rank than 4 is refused before anything is built', () => {
    const layer = make('ranks');
    const message = `${refused('ranks')}expected ndim=4, found ndim=3. Full shape received: `;
    expectError(() => layer.apply(input(7, 9)), ValueError, `${message}[null, 7, 9]${REMEDY}`);
    expectError(() => layer.apply(zeros(5, 7, 9)), ValueError, `${message}[5, 7, 9]${REMEDY}`);
    expect([layer.built, layer.kernel]).toEqual([false, null]);
  });

  test('an input without a defined rank is refused', () => {
    const none: [unknown, string][] = [
      [undefined, 'undefined'],
      [null, 'null'],
      [3, 'the number 3'],
      [[1, 2], 'the list [1, 2]'],
    ];
    for (const [value, got] of none) {
      expectError(
        () => make('rankless').apply(untyped(value)),
        ValueError,
        `layer 'rankless': apply takes tensors of one engine, all symbolic or all concrete, got ${got}`,
      );
    }
  });

  test('channelsLast: a later input with other channels is refused, symbolic or concrete', () => {
    const layer = make('last');
    layer.apply(input(7, 9, 4));
    const message = `${refused('last')}expected axis -1 of input shape to have value 4 but received input with shape `;
    expectError(() => layer.apply(input(7, 9, 3)), ValueError, `${message}[null, 7, 9, 3]`);
    expectError(() => layer.apply(zeros(5, 7, 9, 3)), ValueError, `${message}[5, 7, 9, 3]`);
  });

  test('channelsFirst: a later input with other channels is refused, symbolic or concrete', () => {
    const layer = make('first', { dataFormat: 'channelsFirst' });
    layer.apply(zeros(5, 4, 7, 9));
    const message = `${refused('first')}expected axis 1 of input shape to have value 4 but received input with shape `;
    expectError(() => layer.apply(input(3, 7, 9)), ValueError, `${message}[null, 3, 7, 9]`);
    expectError(() => layer.apply(zeros(5, 3, 7, 9)), ValueError, `${message}[5, 3, 7, 9]`);
  });

  test('an eager engine checks every call', async () => {
    const eager = await freshEngine({ mode: 'eager' });
    const layer = make('eager');
    layer.apply(eager.tensor(new Float32Array(4), [1, 1, 1, 4]));
    expectError(
      () => layer.apply(eager.tensor(new Float32Array(3), [1, 1, 1, 3])),
      ValueError,
      `${refused('eager')}expected axis -1 of input shape to have value 4 but received input with shape [1, 1, 1, 3]`,
    );
  });

  test('two inputs are refused', () => {
    const x = input(3, 3, 1);
    expectError(() => make('one').apply([x, x]), ValueError, /one input.*got 2/);
  });
});
