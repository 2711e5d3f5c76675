import { readdir } from 'node:fs/promises';
import {
  argMax,
  defineConstraint,
  defineLayer,
  defineLoss,
  defineMetric,
  defineOp,
  defineOptimizer,
  definePlugin,
  equal,
  Layer,
  mul,
  sigmoid,
  square,
  sub,
  type Engine,
  type LayerOptions,
  type Model,
  type SymbolicTensor,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { bitsOf, digest } from '../fixtures/tiny.js';
import { emptyFolder, engineWithPlugins, plugins } from './saved-model.js';

class Scale extends Layer<LayerOptions & { factor: number }> {
  call(x: SymbolicTensor): SymbolicTensor {
    return mul(x, this.options.factor);
  }
}

/** New parts, in no plugin yet. */
const makeParts = () => ({
  scale: defineLayer('scale', Scale, ['factor']),
  wave: defineOp<[x: SymbolicTensor]>('wave', { shape: ([x]) => x, lower: ([x]) => mul(x, sigmoid(x)) }),
  halved: defineConstraint('halved', () => (value) => mul(value, 0.5)),
  squared: defineLoss('squared', () => ({
    targets: (output) => ({ dtype: 'float32', shape: output }),
    perExample: (output, targets) => square(sub(output, targets)),
  })),
  hits: defineMetric('hits', () => ({ perExample: (output, targets) => equal(argMax(output), argMax(targets)) })),
  plain: defineOptimizer('plain', () => ({
    learningRate: 0.1,
    update: ({ variable, gradient, learningRate }) => ({ variable: sub(variable, mul(learningRate, gradient)) }),
  })),
});

type Parts = ReturnType<typeof makeParts>;
const data = { x: Float32Array.of(1, 2, 3, 4), y: Float32Array.of(1, 0, 0, 1) };

/** A model that uses the parts given, and the engine's own for the rest. */
function modelOf(engine: Engine, { scale, wave, halved, squared, hits, plain }: Partial<Parts>): Model {
  const model = engine.sequential([
    dense({ units: 2, activation: wave ?? 'relu', kernelConstraint: halved?.() ?? null, inputShape: [2] }),
    ...(scale ? [scale({ factor: 3 })] : []),
  ]);
  model.compile({
    optimizer: plain?.() ?? 'sgd',
    loss: squared?.() ?? 'meanSquaredError',
    metrics: [hits?.() ?? 'accuracy'],
  });
  return model;
}

test('parts in a plugin are saved by name and come back from an engine that knows the plugin', async () => {
  const folder = await emptyFolder();
  const parts = makeParts();
  const mine = definePlugin({ name: 'mine', parts: Object.values(parts) });
  await using one = await engineWithPlugins();
  const model = modelOf(one, parts);
  await model.save(folder);
  await using two = await engineWithPlugins({ plugins: [...plugins, mine] });
  const loaded = await two.load(folder);
  expect(digest((await loaded.predict(data.x)).dataSync())).toBe(digest((await model.predict(data.x)).dataSync()));
  const [expected, history] = [await model.fit(data, { epochs: 3 }), await loaded.fit(data, { epochs: 3 })];
  expect(history).toEqual(expected);
  expect(Object.keys(history.history)).toEqual(['loss', 'hits']);
  expect(bitsOf(loaded)).toEqual(bitsOf(model));

  await using stranger = await engineWithPlugins();
  await expectRefusal(() => stranger.load(folder), { code: 'PLUGIN_MISSING', says: ["plugin 'mine'", 'not given'] });
});

for (const name of ['scale', 'wave', 'halved', 'squared', 'hits', 'plain'] as const) {
  test(`'${name}' in no plugin trains, but cannot be saved, and says so`, async () => {
    const folder = await emptyFolder();
    await using engine = await engineWithPlugins();
    const model = modelOf(engine, { [name]: makeParts()[name] });
    await model.fit(data);
    await expectRefusal(() => model.save(folder), {
      code: 'UNSAVABLE',
      says: [`'${name}' belongs to no plugin`, 'definePlugin({ name, parts: [...] })'],
    });
    expect(await readdir(folder)).toEqual([]);
  });
}

test('a bare function as activation trains, but cannot be saved, and says so', async () => {
  const folder = await emptyFolder();
  await using engine = await engineWithPlugins();
  const model = modelOf(engine, { wave: unchecked((x: SymbolicTensor) => mul(x, sigmoid(x))) });
  await model.fit(data);
  await expectRefusal(() => model.save(folder), {
    code: 'UNSAVABLE',
    says: ["layer 'dense", 'activation', 'bare function', 'define it in a plugin'],
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a layer made without a factory cannot be saved, and says so', async () => {
  const folder = await emptyFolder();
  await using engine = await engineWithPlugins();
  const model = engine.sequential([new Scale({ factor: 2, inputShape: [2], name: 'mine' })]);
  await expectRefusal(() => model.save(folder), { code: 'UNSAVABLE', says: ["layer 'mine'", 'defineLayer factory'] });
});
