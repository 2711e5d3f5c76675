import { conv2d } from '@convoy/conv2d';
import { UnknownOptionError, ValueError } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';

const options = { filters: 2, kernelSize: 1 };

describe('Keywords', () => {
  test("dtype is null until the first call unless given, and 'float32' from then on", async () => {
    const engine = await freshEngine();
    expect(conv2d({ ...options, dtype: 'float32' }).dtype).toBe('float32');
    const layer = engine.bind(conv2d({ ...options, dtype: null }));
    expect(layer.dtype).toBeNull();
    layer.build([null, 3, 3, 1]);
    expect(layer.dtype).toBeNull();
    expect(layer.kernel?.dtype).toBe('float32');
    layer.apply(engine.input({ shape: [3, 3, 1] }));
    expect(layer.dtype).toBe('float32');
    for (const [dtype, got] of [
      ['float16', "the string 'float16'"],
      ['int32', "the string 'int32'"],
      [3, 'the number 3'],
    ]) {
      expectError(
        () => conv2d({ ...options, name: 'c', dtype: untyped(dtype) }),
        ValueError,
        `conv2d 'c': dtype must be 'float32' or null, got ${got}`,
      );
    }
  });

  test('scope is where the variables are, as it stands', async () => {
    const engine = await freshEngine();
    const first = conv2d({ ...options, scope: 'stem/one' });
    first.apply(engine.input({ shape: [3, 3, 1] }));
    expect(first.scopeName).toBe('stem/one');
    expect(first.weights.map((v) => v.name)).toEqual(['stem/one/kernel:0', 'stem/one/bias:0']);
    const second = conv2d({ ...options, name: 'second', scope: 'stem/one' });
    expectError(
      () => second.apply(engine.input({ shape: [3, 3, 1] })),
      ValueError,
      /^layer 'second': Variable stem\/one\/kernel:0 already exists, disallowed\. Did you mean to set reuse: true/,
    );
  });

  test('reuse takes the variables that the scope has already', async () => {
    const engine = await freshEngine();
    const owner = conv2d({ ...options, name: 'shared' });
    const guest = conv2d({ ...options, name: 'shared', reuse: true });
    const x = engine.input({ shape: [3, 3, 1] });
    owner.apply(x);
    guest.apply(x);
    expect(guest.kernel).toBe(owner.kernel);
    expect(guest.bias).toBe(owner.bias);
    expectError(
      () => conv2d({ ...options, name: 'alone', reuse: true }).apply(x),
      ValueError,
      /^layer 'alone': Variable alone\/kernel:0 does not exist, or was not created with addVariable\. /,
    );
  });

  test('inputShape is that of one example, for the first layer of a sequential model', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ ...options, inputShape: [5, 6, 3] });
    expect(layer.batchInputShape).toEqual([null, 5, 6, 3]);
    engine.sequential([layer]);
    expect(layer.inputShape).toEqual([null, 5, 6, 3]);
    expect(layer.kernel?.shape).toEqual([1, 1, 3, 2]);
    expect(conv2d(options).batchInputShape).toBeNull();
  });

  test('batchSize is kept in batchInputShape', () => {
    expect(conv2d({ ...options, inputShape: [5, 6, 3], batchSize: 8 }).batchInputShape).toEqual([8, 5, 6, 3]);
    expect(conv2d({ ...options, inputShape: [5, 6, 3], batchSize: null }).batchInputShape).toEqual([null, 5, 6, 3]);
    expect(conv2d({ ...options, batchSize: 8 }).batchInputShape).toBeNull();
  });

  test('any other key is a TypeError that names the nearest one', () => {
    const unknown = (key: string) => () => conv2d(untyped({ ...options, [key]: 1 }));
    expectError(unknown('stride'), UnknownOptionError, /^conv2d: unknown option 'stride'\. Did you mean 'strides'\?/);
    expectError(unknown('kernel_size'), UnknownOptionError, /Did you mean 'kernelSize'\?/);
    expectError(unknown('weights'), UnknownOptionError, /^conv2d: unknown option 'weights'\. Known options: filters, /);
    expect(unknown('_reuse')).toThrow(TypeError);
  });
});
