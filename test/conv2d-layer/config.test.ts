import { conv2d, type Conv2DOptions } from '@convoy/conv2d';
import {
  constraints,
  initializers,
  mul,
  partitioners,
  reduceSum,
  regularizers,
  relu,
  ValueError,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { atLeast, homeless, ownParts, quickGelu, ramp, total } from './stored-parts.js';

/** Every argument, none at its default. */
const everything: Conv2DOptions = {
  filters: 3,
  kernelSize: [2, 3],
  strides: [2, 1],
  padding: 'same',
  dataFormat: 'channelsFirst',
  dilationRate: [1, 1],
  activation: relu,
  useBias: true,
  kernelInitializer: initializers.constant({ value: 0.5 }),
  biasInitializer: 'ones',
  kernelRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
  biasRegularizer: 'l2',
  activityRegularizer: regularizers.l1({ l1: 0.3 }),
  kernelConstraint: constraints.maxNorm({ maxValue: 3, axis: [0, 1] }),
  biasConstraint: 'nonNeg',
  trainable: false,
  name: 'everything',
  dtype: 'float32',
  inputShape: [2, 6, 7],
  batchSize: 4,
  scope: 'stem',
  reuse: false,
};

const throughJson = (config: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify(config)) as Record<string, unknown>;

describe('Config and copies', () => {
  test('getConfig is every argument as JSON; fromConfig makes the same layer of it', async () => {
    const layer = conv2d(everything);
    const config = layer.getConfig();
    expect(Object.keys(config).toSorted()).toEqual(Object.keys(everything).toSorted());
    const again = conv2d.fromConfig(throughJson(config));
    expect(again.getConfig()).toEqual(throughJson(config));
    expect(again).toMatchObject({
      ...Object.fromEntries(
        Object.entries(everything).filter(
          ([key]) => !/kernelIni|kernelReg|activ|kernelCon|inputShape|batchS|scope|reuse/.test(key),
        ),
      ),
      activation: relu,
      batchInputShape: [4, 2, 6, 7],
    });
    expect(again.kernelConstraint).toMatchObject({ config: { options: { maxValue: 3, axis: [0, 1] } } });
    for (const each of [layer, again]) (await freshEngine()).bind(each).build([null, 2, 6, 7]);
    expect(again.getWeights()).toEqual(layer.getWeights());
  });

  test('getConfig of a layer with defaults says each of them', () => {
    expect(conv2d({ filters: 1, kernelSize: 2, dataFormat: 'channels_last' }).getConfig()).toEqual({
      filters: 1,
      kernelSize: [2, 2],
      strides: [1, 1],
      padding: 'valid',
      dataFormat: 'channelsLast',
      dilationRate: [1, 1],
      activation: null,
      useBias: true,
      kernelInitializer: null,
      biasInitializer: 'zeros',
      kernelRegularizer: null,
      biasRegularizer: null,
      kernelConstraint: null,
      biasConstraint: null,
      trainable: true,
      name: null,
    });
  });

  test('getConfig has the present trainable, and needs no engine', () => {
    const layer = conv2d({ filters: 1, kernelSize: 1 });
    layer.trainable = false;
    expect(conv2d.fromConfig(layer.getConfig()).trainable).toBe(false);
  });

  test('parts of plugins are stored by kind, plugin, name and options', () => {
    const layer = conv2d({
      filters: 1,
      kernelSize: 1,
      activation: quickGelu,
      kernelInitializer: ramp({ step: 2 }),
      kernelRegularizer: total({ factor: 3 }),
      activityRegularizer: total(),
      biasConstraint: atLeast({ floor: 1 }),
    });
    const config = throughJson(layer.getConfig());
    expect(config).toMatchObject({
      activation: { $part: { kind: 'op', plugin: 'own-parts', name: 'quickGelu' } },
      kernelInitializer: { $part: { kind: 'initializer', plugin: 'own-parts', name: 'ramp', options: { step: 2 } } },
      biasConstraint: { $part: { kind: 'constraint', plugin: 'own-parts', name: 'atLeast', options: { floor: 1 } } },
    });
    const again = conv2d.fromConfig(config, { plugins: [ownParts] });
    expect(again.activation).toBe(quickGelu);
    expect(again.getConfig()).toEqual(layer.getConfig());
  });

  test('fromConfig names the plugin that is missing', () => {
    const config = conv2d({ filters: 1, kernelSize: 1, biasConstraint: atLeast() }).getConfig();
    expectError(
      () => conv2d.fromConfig(config),
      ValueError,
      "conv2d.fromConfig: constraint 'atLeast' is in plugin 'own-parts', which is not given; list it in " +
        'createEngine({ plugins }) or in the plugins of this call',
    );
  });

  test('fromConfig refuses keys that are no arguments', () => {
    const config = conv2d({ filters: 1, kernelSize: 1 }).getConfig();
    expect(() => conv2d.fromConfig({ ...config, stride: 2 })).toThrow(/^conv2d: unknown option 'stride'/);
    expect(() => conv2d.fromConfig({})).toThrow(/^conv2d: filters must be a positive integer/);
  });

  test('getConfig refuses a bare function, and names the argument', () => {
    const bare = {
      activation: (y: never) => mul(y, 2),
      kernelInitializer: () => new Float32Array(1),
      biasInitializer: () => new Float32Array(1),
      kernelRegularizer: (w: never) => reduceSum(w),
      biasRegularizer: (w: never) => reduceSum(w),
      activityRegularizer: (y: never) => reduceSum(y),
      kernelConstraint: (w: never) => w,
      biasConstraint: (w: never) => w,
      scope: { name: 's', partitioner: partitioners.fixedSize({ numShards: 2 }) },
    };
    for (const [argument, value] of Object.entries(bare)) {
      const layer = conv2d({ filters: 1, kernelSize: 1, name: 'bare', ...untyped<object>({ [argument]: value }) });
      expect(() => layer.getConfig(), argument).toThrow(
        new RegExp(`^layer 'bare': ${argument}[^ ]* is a bare function, which cannot be stored; define it in a plugin`),
      );
    }
  });

  test('getConfig refuses a part that is in no plugin, and names the argument', () => {
    expectError(
      () => conv2d({ filters: 1, kernelSize: 1, name: 'bare', kernelConstraint: homeless() }).getConfig(),
      ValueError,
      "layer 'bare': kernelConstraint: constraint 'homeless' belongs to no plugin, so a saved model could not find it " +
        'again; list it in definePlugin({ name, parts: [...] })',
    );
  });
});
