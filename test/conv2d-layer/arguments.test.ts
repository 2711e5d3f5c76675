import { conv2d, type Conv2DOptions } from '@convoy/conv2d';
import { mul, ValueError, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError } from './expect-error.js';
import { expectClose, wave } from './numbers.js';

const engine = await engineOfFile();

const make = (options: object) => conv2d({ filters: 2, kernelSize: 3, ...options });
const image = (height: number, width: number, channels = 1) =>
  engine.tensor(wave(height * width * channels), [1, height, width, channels]);

/** Kernel values of a layer, and what it makes of an image of one channel. */
function outputOf(options: Partial<Conv2DOptions>, kernel: ArrayLike<number>, height = 5, width = 5) {
  const layer = conv2d({ filters: 1, kernelSize: 3, useBias: false, ...options });
  engine.bind(layer).build([null, height, width, 1]);
  layer.setWeights([kernel]);
  return layer.apply(image(height, width));
}

/** With the words that a message has for each. */
const NO_PAIRS: readonly [unknown, string][] = [
  [null, 'null'],
  [[3], 'the list [3]'],
  [[3, 3, 3], 'the list [3, 3, 3]'],
  ['33', "the string '33'"],
  [['3', '3'], "the list ['3', '3']"],
  [true, 'the boolean true'],
  [2.5, 'the number 2.5'],
  [[2.5, 3], 'the list [2.5, 3]'],
  [{ 0: 3, 1: 3 }, 'an object'],
];

const NOT_POSITIVE: readonly [unknown, string][] = [
  [0, 'the number 0'],
  [-1, 'the number -1'],
  [[3, 0], 'the list [3, 0]'],
];

function refusesNoSizes(name: 'kernelSize' | 'strides' | 'dilationRate'): void {
  for (const [value, received] of NO_PAIRS) {
    expectError(
      () => make({ [name]: value }),
      ValueError,
      `conv2d: The \`${name}\` argument must be a tuple of 2 integers. Received: ${received}`,
    );
  }
  for (const [value, received] of NOT_POSITIVE) {
    expectError(
      () => make({ name: 'c', [name]: value }),
      ValueError,
      `conv2d 'c': all values of ${name} must be positive. Received: ${received}`,
    );
  }
}

describe('Arguments', () => {
  test('filters is a positive integer: channels of the output, length of the bias', () => {
    const layer = make({ filters: 5 });
    layer.apply(engine.input({ shape: [6, 7, 2] }));
    expect(layer.filters).toBe(5);
    expect(layer.kernel?.shape).toEqual([3, 3, 2, 5]);
    expect(layer.bias?.shape).toEqual([5]);
    expect(layer.outputShape).toEqual([null, 4, 5, 5]);
    const refused: [unknown, string][] = [
      [0, 'the number 0'],
      [-1, 'the number -1'],
      [2.5, 'the number 2.5'],
      ['3', "the string '3'"],
      [null, 'null'],
      [undefined, 'undefined'],
      [Number.NaN, 'the number NaN'],
      [true, 'the boolean true'],
      [[3], 'the list [3]'],
    ];
    for (const [filters, got] of refused) {
      expectError(() => make({ filters }), ValueError, `conv2d: filters must be a positive integer, got ${got}`);
    }
  });

  test('kernelSize is a positive integer, or one for each of height and width', () => {
    expect(make({ kernelSize: 4 }).kernelSize).toEqual([4, 4]);
    const layer = make({ kernelSize: [2, 3] });
    expect(layer.kernelSize).toEqual([2, 3]);
    layer.apply(engine.input({ shape: [6, 7, 1] }));
    expect(layer.kernel?.shape).toEqual([2, 3, 1, 2]);
    refusesNoSizes('kernelSize');
    expectError(() => make({ kernelSize: undefined }), ValueError, /The `kernelSize` argument must be a tuple/);
  });

  test('strides are 1 unless given, for both axes or each; null is refused', () => {
    expect(make({}).strides).toEqual([1, 1]);
    expect(make({ strides: 2 }).strides).toEqual([2, 2]);
    const kernel = wave(9, 2);
    const dense = outputOf({}, kernel, 7, 6);
    const sparse = outputOf({ strides: [2, 3] }, kernel, 7, 6);
    expect(dense.shape).toEqual([1, 5, 4, 1]);
    expect(sparse.shape).toEqual([1, 3, 2, 1]);
    const kept = [0, 2, 4].flatMap((row) => [0, 3].map((column) => dense.dataSync()[row * 4 + column]));
    expectClose(sparse.dataSync(), kept);
    refusesNoSizes('strides');
  });

  test("padding is 'valid' unless given, in any case; 'same' keeps the size", () => {
    expect(make({}).padding).toBe('valid');
    expect(make({ padding: 'SAME' }).padding).toBe('same');
    expect(make({ padding: 'Valid' }).padding).toBe('valid');
    const kernel = wave(9, 3);
    const [valid, same] = [outputOf({}, kernel), outputOf({ padding: 'same' }, kernel)];
    expect(same.shape).toEqual([1, 5, 5, 1]);
    const inner = [1, 2, 3].flatMap((row) => [1, 2, 3].map((column) => same.dataSync()[row * 5 + column]));
    expectClose(inner, valid.dataSync());
    const refused: [unknown, string][] = [
      ['FULL', 'full'],
      ['causal', 'causal'],
      [null, 'null'],
      [1, 'the number 1'],
    ];
    for (const [padding, received] of refused) {
      expectError(
        () => make({ padding }),
        ValueError,
        `conv2d: The \`padding\` argument must be one of "valid", "same". Received: ${received}`,
      );
    }
  });

  test("dataFormat is 'channelsLast' unless given, in the spelling of tfjs or TensorFlow and any case", () => {
    expect(make({}).dataFormat).toBe('channelsLast');
    for (const spelling of ['channelsLast', 'channels_last', 'CHANNELS_LAST', 'ChannelsLast']) {
      expect(make({ dataFormat: spelling }).dataFormat).toBe('channelsLast');
    }
    for (const spelling of ['channelsFirst', 'channels_first', 'Channels_First']) {
      expect(make({ dataFormat: spelling }).dataFormat).toBe('channelsFirst');
    }
    expect(make({ dataFormat: 'channels_first' }).computeOutputShape([null, 3, 6, 7])).toEqual([null, 2, 4, 5]);
    for (const [dataFormat, received] of [
      ['NHWC', 'NHWC'],
      [null, 'null'],
      [1, 'the number 1'],
    ]) {
      expectError(
        () => make({ dataFormat }),
        ValueError,
        `conv2d: The \`dataFormat\` argument must be one of "channelsFirst", "channelsLast". Received: ${received}`,
      );
    }
  });

  test('dilationRate spreads the taps of the kernel; with strides above 1 it is refused', () => {
    expect(make({}).dilationRate).toEqual([1, 1]);
    const small = wave(4, 4);
    const spread = [small[0], 0, 0, small[1], 0, 0, 0, 0, 0, 0, 0, 0, small[2], 0, 0, small[3]];
    const dilated = outputOf({ kernelSize: 2, dilationRate: 3 }, small, 6, 7);
    expect(dilated.shape).toEqual([1, 3, 4, 1]);
    expectClose(dilated.dataSync(), outputOf({ kernelSize: 4 }, spread, 6, 7).dataSync());
    refusesNoSizes('dilationRate');
    for (const [strides, dilationRate] of [
      [2, 2],
      [
        [2, 1],
        [1, 2],
      ],
    ]) {
      const pair = (given: unknown): string => [given].flat().concat(given).slice(0, 2).join(', ');
      expectError(
        () => make({ strides, dilationRate }),
        ValueError,
        'conv2d: strides > 1 not supported in conjunction with dilationRate > 1. ' +
          `Received: strides [${pair(strides)}], dilationRate [${pair(dilationRate)}]`,
      );
    }
    expect(make({ strides: 1, dilationRate: 2 }).dilationRate).toEqual([2, 2]);
  });

  test('activation is a function in ops or the name of one, applied after the bias', () => {
    const below = (activation: Conv2DOptions['activation']) => {
      const layer = conv2d({
        filters: 1,
        kernelSize: 1,
        kernelInitializer: 'zeros',
        biasInitializer: () => Float32Array.of(-3),
        activation,
      });
      expect(layer.activation).toBe(activation);
      return layer.apply(image(1, 1)).dataSync()[0];
    };
    expect(below(null)).toBe(-3);
    expect(below('relu')).toBe(0);
    expect(below((y: SymbolicTensor) => mul(y, -2))).toBe(6);
    expect(make({}).activation).toBeNull();
    const unknown = make({ name: 'unknown', activation: 'rellu' });
    expectError(
      () => unknown.apply(engine.input({ shape: [4, 4, 1] })),
      ValueError,
      /^layer 'unknown': no activation or op is called 'rellu'\. Did you mean 'relu'\? Known: .*\brelu\b/,
    );
  });

  test('without useBias there is no bias: false and null alike', () => {
    expect(make({}).useBias).toBe(true);
    for (const useBias of [false, null]) {
      const layer = make({ useBias });
      layer.apply(engine.input({ shape: [4, 4, 1] }));
      expect(layer.useBias).toBe(false);
      expect(layer.bias).toBeNull();
      expect(layer.weights).toEqual([layer.kernel]);
    }
  });
});
