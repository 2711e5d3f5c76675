import { js } from '@convoy/backend-js';
import { ops } from '@convoy/conv2d';
import {
  add,
  createEngine,
  matmul,
  reduceSum,
  relu,
  tanh,
  transpose,
  UnknownOptionError,
  ValueError,
} from '@convoy/engine';
import { dense, ops as pooling } from '@convoy/layers';
import { afterAll, describe, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';

const engine = await createEngine({ backend: js(), workers: 'inline' });
const other = await createEngine({ backend: js(), workers: 'inline' });
afterAll(async () => {
  await engine.dispose();
  await other.dispose();
});

const OPTION = { error: ValueError, code: 'OPTION' };
const OPERAND = { error: ValueError, code: 'OPERAND' };
const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

describe('a model', () => {
  const input = (name: string) => engine.input({ shape: [2], name });
  const model = (inputs: unknown, outputs: unknown) => () => engine.model(unchecked({ inputs, outputs }));

  test('whose outputs depend on an input that is not listed names it with its shape', () => {
    const [a, b] = [input('a'), input('b')];
    return expectRefusal(model(a, dense({ units: 1 }).apply(add(a, b))), {
      error: ValueError,
      code: 'MODEL_INPUTS',
      says: ["input 'b'", '[batch, 2]', 'not listed'],
    });
  });

  test('begins at inputs, not in the middle', () => {
    const a = input('a');
    const hidden = dense({ units: 3 }).apply(a);
    return expectRefusal(model(hidden, dense({ units: 1 }).apply(hidden)), {
      error: ValueError,
      code: 'MODEL_INPUTS',
      says: ["input 'a'"],
    });
  });

  test('has inputs of different names', () => {
    const [a, b] = [input('a'), input('a')];
    return expectRefusal(model([a, b], dense({ units: 1 }).apply(add(a, b))), {
      error: ValueError,
      code: 'NAME',
      says: ["two inputs are called 'a'"],
    });
  });

  test('lives in one engine', () => {
    const a = other.input({ shape: [2] });
    return expectRefusal(model(a, dense({ units: 1 }).apply(a)), {
      error: ValueError,
      code: 'GRAPH',
      says: ['model', 'another engine'],
    });
  });

  test('has an output for each example', () => {
    const a = input('a');
    return expectRefusal(model(a, reduceSum(a)), {
      error: ValueError,
      code: 'MODEL',
      says: ['output 0', '[]', '[batch'],
    });
  });

  test('is made of symbolic tensors', async () => {
    const a = input('a');
    const layer = dense({ units: 1 });
    const output = layer.apply(a);
    const error = { error: ValueError, code: 'MODEL' };
    await expectRefusal(model(a, layer), { ...error, says: ['output 0', 'symbolic tensor'] });
    await expectRefusal(model(a, engine.tensor([1])), { ...error, says: ['output 0', 'symbolic tensor'] });
    await expectRefusal(model(a, undefined), { ...error, says: ["'outputs'"] });
    await expectRefusal(model(undefined, output), { ...error, says: ["'inputs'"] });
    await expectRefusal(() => engine.model(unchecked(undefined)), { ...OPTION, says: ['options'] });
    await expectRefusal(() => engine.model(unchecked({ input: a, outputs: output })), {
      error: UnknownOptionError,
      code: 'UNKNOWN_OPTION',
      says: ["'input'", "'inputs'?"],
    });
  });
});

describe('an input', () => {
  for (const shape of [3, [-1], [1.5], [null, 2], ['2'], undefined]) {
    test(`of shape ${show(shape)} is refused`, () =>
      expectRefusal(() => engine.input(unchecked({ shape })), {
        error: ValueError,
        code: 'SHAPE',
        says: ['input', 'positive lengths', 'one example'],
      }));
  }

  test('has float32 or int32 values', () =>
    expectRefusal(() => engine.input(unchecked({ shape: [2], dtype: 'uint8' })), {
      ...OPTION,
      says: ['dtype', "'uint8'", "'float32'", "'int32'"],
    }));

  test('leaves the names of targets alone', () =>
    expectRefusal(() => engine.input({ shape: [2], name: 'y0' }), { error: ValueError, code: 'NAME', says: ["'y0'"] }));

  test('has options', async () => {
    await expectRefusal(() => engine.input(unchecked(undefined)), { ...OPTION, says: ['options'] });
    await expectRefusal(() => engine.input(unchecked({ shpe: [2] })), {
      error: UnknownOptionError,
      code: 'UNKNOWN_OPTION',
      says: ["'shpe'", "'shape'?"],
    });
  });
});

describe('an op', () => {
  const vector = engine.tensor([1, 2]);

  test('does not mix tensors of two engines', async () => {
    const graph = { error: ValueError, code: 'GRAPH', says: [/different engines/] };
    await expectRefusal(() => add(vector, other.tensor([1, 2])), graph);
    await expectRefusal(() => add(engine.input({ shape: [2] }), other.input({ shape: [2] })), graph);
  });

  test('does not mix symbolic and concrete tensors', async () => {
    const mixed = { ...OPERAND, says: ['add', 'symbolic', 'concrete'] };
    await expectRefusal(() => add(engine.input({ shape: [2] }), unchecked(vector)), mixed);
    await expectRefusal(() => add(unchecked(vector), engine.input({ shape: [2] })), mixed);
  });

  test('takes as many inputs as it has', async () => {
    const call = tanh as (...operands: unknown[]) => unknown;
    await expectRefusal(() => add(vector, unchecked(undefined)), { ...OPERAND, says: ['add', '2 inputs', 'got 1'] });
    await expectRefusal(() => call(vector, vector), { ...OPERAND, says: ['tanh', '1 input', 'got 2'] });
    await expectRefusal(() => call(), { ...OPERAND, says: ['tanh', '1 input', 'got 0'] });
  });

  test('names what is no tensor', async () => {
    await expectRefusal(() => add(vector, unchecked([1, 2])), { ...OPERAND, says: ['add', 'input 1', 'list'] });
    await expectRefusal(() => relu(unchecked('x')), { ...OPERAND, says: ['relu', 'input 0', 'string'] });
    await expectRefusal(() => relu(unchecked(null)), { ...OPERAND, says: ['relu', 'input 0', 'null'] });
  });

  test('refuses unknown options', async () => {
    const error = { error: UnknownOptionError, code: 'UNKNOWN_OPTION' };
    const [image, filter] = [engine.tensor([1], [1, 1, 1, 1]), engine.tensor([1], [1, 1, 1, 1])];
    await expectRefusal(() => ops.conv2d(image, filter, unchecked({ stride: 2 })), {
      ...error,
      says: ['conv2d', "'stride'", "'strides'?"],
    });
    await expectRefusal(() => pooling.maxPool2d(image, unchecked({ poolSize: 1, stride: 2 })), {
      ...error,
      says: ['maxPool2d', "'stride'", "'strides'?"],
    });
    await expectRefusal(() => reduceSum(vector, unchecked({ axis: 0 })), { ...error, says: ["'axis'", "'axes'?"] });
    await expectRefusal(() => relu(vector, unchecked({ alpha: 1 })), { ...error, says: ['relu', "'alpha'"] });
  });

  test('names both shapes where they do not fit', async () => {
    const image = (...shape: number[]) => engine.tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
    const mismatch = { error: ValueError, code: 'SHAPE_MISMATCH' };
    await expectRefusal(() => add(image(2, 3), image(2)), { ...mismatch, says: ['add', '[2, 3]', '[2]'] });
    await expectRefusal(() => matmul(image(2, 3), image(2, 3)), { ...mismatch, says: ['matmul', '[2, 3]', '3', '2'] });
    await expectRefusal(() => ops.conv2d(image(1, 4, 4, 3), image(2, 2, 1, 5)), {
      ...mismatch,
      says: ['conv2d', '[1, 4, 4, 3]', '[2, 2, 1, 5]', '3 != 1'],
    });
    await expectRefusal(
      () => ops.conv2dInputGradient(image(1, 2, 2, 1), image(2, 2, 1, 1), { inputShape: [1, 4, 4, 1] }),
      { ...mismatch, says: ['conv2dInputGradient', '[1, 2, 2, 1]', '[1, 3, 3, 1]', '[1, 4, 4, 1]'] },
    );
    await expectRefusal(
      () => ops.conv2dFilterGradient(image(1, 2, 2, 1), image(1, 4, 4, 1), { filterShape: [2, 2, 1, 1] }),
      { ...mismatch, says: ['conv2dFilterGradient', '[1, 2, 2, 1]', '[1, 3, 3, 1]'] },
    );
    await expectRefusal(() => transpose(image(2, 3), { permutation: [0, 0] }), {
      error: ValueError,
      code: 'AXIS',
      says: ['transpose', '[0, 0]', '[2, 3]'],
    });
  });

  test('has no windows that see padding alone', async () => {
    const image = engine.tensor([1, 2, 3, 4], [1, 2, 2, 1]);
    const window = {
      poolSize: 1,
      padding: [
        [2, 0],
        [0, 0],
      ],
    } as const;
    for (const op of [pooling.maxPool2d, pooling.averagePool2d]) {
      await expectRefusal(() => op(image, window), { ...OPTION, says: [op.name, 'padding', 'poolSize'] });
    }
  });

  test('does not mix the examples of a batch', () => {
    const x = engine.input({ shape: [3] });
    return expectRefusal(() => transpose(x, { permutation: [1, 0] }), {
      error: ValueError,
      code: 'SHAPE',
      says: ['transpose', 'batch axis', '[3, batch]'],
    });
  });
});

describe('a tensor', () => {
  test('holds as many values as its shape says', () =>
    expectRefusal(() => engine.tensor([1, 2, 3], [2, 2]), {
      error: ValueError,
      code: 'SHAPE_MISMATCH',
      says: ['[2, 2]', '4 values', 'got 3'],
    }));

  for (const values of [undefined, 'abc', [[1, 2]], [1, '2']]) {
    test(`is not made of ${show(values)}`, () =>
      expectRefusal(() => engine.tensor(unchecked(values)), {
        error: ValueError,
        code: 'VALUES',
        says: ['tensor', 'flat list of numbers'],
      }));
  }

  for (const shape of [[-3, -1], [1.5, 2], ['3'], [null, 3]]) {
    test(`has no shape ${show(shape)}`, () =>
      expectRefusal(() => engine.tensor([1, 2, 3], unchecked(shape)), {
        error: ValueError,
        code: 'SHAPE',
        says: ['tensor'],
      }));
  }
});

test('engine.bind takes layers', async () => {
  const error = { error: ValueError, code: 'LAYER' };
  await expectRefusal(() => engine.bind(unchecked({})), { ...error, says: ['bind', 'layer', 'an object'] });
  await expectRefusal(() => engine.bind(unchecked(dense)), { ...error, says: ['bind', 'must be called: dense()'] });
});

describe('createEngine refuses', () => {
  const make = (options: unknown) => () => createEngine(unchecked(options));

  test('to do without a backend', async () => {
    for (const backend of [undefined, js, 'js']) {
      await expectRefusal(make({ backend }), { ...OPTION, says: ["'backend' is needed", 'wasm()'] });
    }
    await expectRefusal(make(undefined), { ...OPTION, says: ['createEngine', 'options'] });
  });

  for (const workers of [0, -1, 1.5, 'two', 300, null]) {
    test(`workers ${show(workers)}`, () =>
      expectRefusal(make({ backend: js(), workers }), { ...OPTION, says: ['workers', "'auto'", String(workers)] }));
  }

  for (const seed of [1.5, '1', null, 2 ** 53]) {
    test(`seed ${show(seed)}`, () =>
      expectRefusal(make({ backend: js(), seed }), { ...OPTION, says: ['seed', 'integer', String(seed)] }));
  }

  test('what is no list of plugins', async () => {
    const plugin = { error: ValueError, code: 'PLUGIN', says: ['plugins', 'definePlugin'] };
    await expectRefusal(make({ backend: js(), plugins: {} }), plugin);
    await expectRefusal(make({ backend: js(), plugins: [{}] }), plugin);
  });
});

test('a variable takes as many values as it has', async () => {
  const layer = dense({ name: 'v', units: 2 });
  layer.apply(engine.input({ shape: [3] }));
  await expectRefusal(() => layer.kernel?.assign([1]), {
    error: ValueError,
    code: 'SHAPE_MISMATCH',
    says: ["'v/kernel:0'", '[3, 2]', '6 values', 'got 1'],
  });
});
