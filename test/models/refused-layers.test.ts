import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine, RuntimeError, ValueError } from '@convoy/engine';
import { activation, averagePooling2d, dense, dropout, flatten, maxPooling2d } from '@convoy/layers';
import { afterAll, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';

const engine = await createEngine({ backend: js(), workers: 'inline' });
const other = await createEngine({ backend: js(), workers: 'inline' });
afterAll(async () => {
  await engine.dispose();
  await other.dispose();
});

const OPTION = { error: ValueError, code: 'OPTION' };
const show = (value: unknown): string => (Number.isNaN(value) ? 'NaN' : JSON.stringify(value));

describe('an option of a layer that has an unusable value is refused when the layer is made', () => {
  const convolution = (options: object) => conv2d(unchecked({ name: 'c', filters: 2, kernelSize: 3, ...options }));
  const pooling = (options: object) => maxPooling2d(unchecked({ name: 'p', ...options }));
  const means = (options: object) => averagePooling2d(unchecked({ name: 'p', ...options }));
  const product = (options: object) => dense(unchecked({ name: 'd', units: 2, ...options }));
  const drop = (options: object) => dropout(unchecked({ name: 'r', ...options }));
  const tables: [make: (options: object) => unknown, layer: string, option: string, values: readonly unknown[]][] = [
    [convolution, "conv2d 'c'", 'filters', [0, -1, 1.5, '3', null, [3], Number.NaN]],
    [convolution, "conv2d 'c'", 'kernelSize', [0, -1, 1.5, '3', null, [3], [3, 3, 3], [3, 0]]],
    [convolution, "conv2d 'c'", 'strides', [0, 1.5, '2', [1, 2, 3], [2, 0]]],
    [convolution, "conv2d 'c'", 'dilationRate', [0, 1.5, '2', [1, 2, 3], [2, 0]]],
    [convolution, "conv2d 'c'", 'padding', ['full', 1]],
    [convolution, "conv2d 'c'", 'dataFormat', ['NHWC', 1]],
    [pooling, "maxPooling2d 'p'", 'poolSize', [0, 1.5, '2', [2], [2, 0]]],
    [pooling, "maxPooling2d 'p'", 'strides', [0, '2', [2, 0]]],
    [pooling, "maxPooling2d 'p'", 'padding', ['full', 1]],
    [means, "averagePooling2d 'p'", 'dataFormat', ['NCHW']],
    [product, "dense 'd'", 'units', [0, -1, 1.5, '3', undefined]],
    [drop, "dropout 'r'", 'rate', [1, 2, -0.1, '0.5', null, undefined, Number.NaN]],
    [product, 'dense', 'name', [3, '']],
  ];
  for (const [make, layer, option, values] of tables) {
    for (const value of values) {
      test(`${layer} with ${option} ${show(value)}`, () =>
        expectRefusal(() => make({ [option]: value }), { ...OPTION, says: [layer, option, /Received|got/] }));
    }
  }

  test('strides above 1 do not go together with dilation rates above 1', () =>
    expectRefusal(() => convolution({ strides: [1, 2], dilationRate: [3, 1] }), {
      ...OPTION,
      says: ["conv2d 'c'", 'strides [1, 2]', /dilationRate \[3, 1\]/],
    }));

  for (const options of [null, 3, 'abc', [3]]) {
    test(`options that are ${show(options)}`, () =>
      expectRefusal(() => conv2d(unchecked(options)), { ...OPTION, says: ['conv2d', 'options'] }));
  }
});

test('padding and dataFormat mean the same in any case and in both spellings', () => {
  const spelled = [
    conv2d(unchecked({ filters: 1, kernelSize: 3, padding: 'SAME', dataFormat: 'channels_first' })),
    maxPooling2d(unchecked({ poolSize: 3, strides: 1, padding: 'Same', dataFormat: 'CHANNELS_FIRST' })),
    averagePooling2d(unchecked({ poolSize: 3, strides: 1, padding: 'sAME', dataFormat: 'channelsfirst' })),
  ];
  for (const layer of spelled) {
    expect([layer.padding, layer.dataFormat]).toEqual(['same', 'channelsFirst']);
    expect(layer.apply(engine.input({ shape: [1, 4, 6] })).shape).toEqual([null, 1, 4, 6]);
  }
});

test('a layer without bias has none', () => {
  const layers = [conv2d({ filters: 2, kernelSize: 1, useBias: false }), dense({ units: 2, useBias: false })];
  for (const layer of layers) {
    layer.apply(engine.input({ shape: [2, 2, 1] }));
    expect(layer.bias).toBeNull();
    expect(layer.weights.map((v) => v.shape.at(-1))).toEqual([2]);
  }
});

describe('a built layer', () => {
  const error = { error: ValueError, code: 'INPUT_AXIS' };

  test('keeps the channels that it was built for, in both formats', async () => {
    const last = conv2d({ name: 'last', filters: 2, kernelSize: 1 });
    last.apply(engine.input({ shape: [8, 8, 3] }));
    await expectRefusal(() => last.apply(engine.input({ shape: [8, 8, 1] })), {
      ...error,
      says: ['Input 0 of layer last is', 'axis -1', 'value 3', '[null, 8, 8, 1]'],
    });
    await expectRefusal(() => last.apply(engine.tensor([1], [1, 1, 1, 1])), {
      ...error,
      says: ['Input 0 of layer last is', 'axis -1', 'value 3', '[1, 1, 1, 1]'],
    });
    const first = conv2d({ name: 'first', filters: 2, kernelSize: 1, dataFormat: 'channelsFirst' });
    first.apply(engine.input({ shape: [3, 8, 8] }));
    await expectRefusal(() => first.apply(engine.input({ shape: [8, 8, 3] })), {
      ...error,
      says: ['Input 0 of layer first is', 'axis 1', 'value 3', '[null, 8, 8, 3]'],
    });
  });

  test('keeps the number of inputs that it was built for', async () => {
    const layer = dense({ name: 'scores', units: 2 });
    layer.apply(engine.input({ shape: [4] }));
    await expectRefusal(() => layer.apply(engine.input({ shape: [5] })), {
      ...error,
      says: ['Input 0 of layer scores is', 'axis -1', 'value 4', '[null, 5]'],
    });
  });

  test('built by hand counts as built: it can be applied and counted, and keeps its weights', () => {
    for (const layer of [conv2d({ filters: 2, kernelSize: 3 }), dense({ units: 2 })]) {
      engine.bind(layer).build([null, 8, 8, 3]);
      const weights = [...layer.weights];
      expect(layer.built).toBe(true);
      expect(layer.countParams()).toBe(weights.reduce((n, v) => n + v.size, 0));
      layer.apply(engine.input({ shape: [8, 8, 3] }));
      expect(layer.weights).toEqual(weights);
    }
  });

  test('built again keeps its weights, and refuses a shape that they do not fit', async () => {
    const layer = engine.bind(dense({ name: 'again', units: 2 }));
    layer.build([null, 3]);
    const weights = [...layer.weights];
    layer.build([null, 3]);
    expect(layer.weights).toEqual(weights);
    await expectRefusal(() => layer.build([null, 5]), {
      error: ValueError,
      code: 'SHAPE_MISMATCH',
      says: ['again/kernel:0', '[5, 2]', '[3, 2]'],
    });
  });
});

describe('a layer that belongs to no engine', () => {
  const error = { error: RuntimeError, code: 'UNBOUND' };
  const says = ["'c'", 'engine.bind(layer)'];

  test('cannot be built', () =>
    expectRefusal(() => conv2d({ name: 'c', filters: 1, kernelSize: 1 }).build([null, 2, 2, 1]), { ...error, says }));

  test('cannot hold variables', () =>
    expectRefusal(() => conv2d({ name: 'c', filters: 1, kernelSize: 1 }).addVariable('extra', [1]), {
      ...error,
      says,
    }));
});

describe('a layer bound to another engine', () => {
  const error = { error: ValueError, code: 'GRAPH', says: ["layer 'c'", 'another engine', 'new layer'] };
  const bound = () => engine.bind(conv2d({ name: 'c', filters: 1, kernelSize: 1, inputShape: [2, 2, 1] }));

  test('is not bound again', () => expectRefusal(() => other.bind(bound()), error));
  test('is refused by a sequential model', () => expectRefusal(() => other.sequential([bound()]), error));
  test('is refused on a symbolic tensor', () =>
    expectRefusal(() => bound().apply(other.input({ shape: [2, 2, 1] })), error));
  test('is refused on a concrete tensor', () =>
    expectRefusal(() => bound().apply(other.tensor([1], [1, 1, 1, 1])), error));
});

describe('what is no tensor', () => {
  const error = { error: ValueError, code: 'OPERAND' };

  for (const value of [undefined, 3, [1, 2], new Float32Array(4)]) {
    test(`${value instanceof Float32Array ? 'a Float32Array' : show(value)} is not applied to`, () =>
      expectRefusal(() => dense({ name: 'd', units: 1 }).apply(unchecked(value)), {
        ...error,
        says: ["layer 'd'", 'takes tensors of one engine'],
      }));
  }

  test('symbolic and concrete tensors do not mix', () =>
    expectRefusal(
      () =>
        dense({ name: 'd', units: 1 }).apply(unchecked([engine.input({ shape: [2] }), engine.tensor([1, 2], [1, 2])])),
      { ...error, says: ["layer 'd'", 'all symbolic or all concrete'] },
    ));

  for (const layer of [
    conv2d({ name: 'c', filters: 1, kernelSize: 1 }),
    dense({ name: 'd', units: 1 }),
    flatten({ name: 'f' }),
    activation({ name: 'a', activation: 'relu' }),
    dropout({ name: 'r', rate: 0.5 }),
    maxPooling2d({ name: 'p' }),
  ]) {
    test(`layer '${layer.name}' of one input takes no two`, () => {
      const x = engine.input({ shape: [2, 2, 1] });
      return expectRefusal(() => layer.apply([x, x]), {
        error: ValueError,
        code: 'INPUT_COUNT',
        says: [`layer '${layer.name}'`, 'one input', 'got 2', '[batch, 2, 2, 1]'],
      });
    });
  }
});

describe('what is no layer', () => {
  const layer = dense({ units: 1, inputShape: [2] });
  const cases: Record<string, { given: unknown; code?: string; says: readonly (string | RegExp)[] }> = {
    'a layer outside a list': { given: layer, code: 'MODEL', says: ['list of layers', 'Dense'] },
    'an empty list': { given: [], code: 'MODEL', says: ['at least one layer'] },
    'a factory that was not called': { given: [layer, flatten], says: ['layer 1', 'flatten()'] },
    'a factory that was not called, in front': { given: [flatten, layer], says: ['layer 0', 'flatten()'] },
    'a name': { given: [layer, 'flatten'], says: ['layer 1', /layer/] },
    nothing: { given: [layer, null], says: ['layer 1'] },
  };
  for (const [title, { given, code = 'LAYER', says }] of Object.entries(cases)) {
    test(`${title} makes no sequential model`, () =>
      expectRefusal(() => engine.sequential(unchecked(given)), {
        error: ValueError,
        code,
        says: ['sequential', ...says],
      }));
  }

  test('a first layer without inputShape makes no sequential model', () =>
    expectRefusal(() => engine.sequential([dense({ name: 'scores', units: 1 })]), {
      error: ValueError,
      code: 'INPUT_SHAPE',
      says: ["first layer 'scores'", 'inputShape'],
    }));

  for (const inputShape of [8, [null, 8, 8, 1], [8, -8, 1], [8, 1.5], ['8']]) {
    test(`inputShape ${show(inputShape)} is refused with the shape of one example as remedy`, () =>
      expectRefusal(() => engine.sequential([dense(unchecked({ name: 'd', units: 1, inputShape }))]), {
        error: ValueError,
        code: 'SHAPE',
        says: ["'d'", 'inputShape', 'one example'],
      }));
  }
});
