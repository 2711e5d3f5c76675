import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { conv2d, conv2dPlugin, type Conv2D } from '@convoy/conv2d';
import {
  constraints,
  defineLayer,
  definePlugin,
  initializers,
  Layer,
  mul,
  partitioners,
  regularizers,
  ValueError,
  type CallOptions,
  type Model,
  type Plugin,
  type SymbolicTensor,
} from '@convoy/engine';
import { optimizersPlugin, sgd } from '@convoy/optimizers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectRejection } from './expect-error.js';
import { wave } from './numbers.js';
import { atLeast, ownParts, quickGelu, ramp, total } from './stored-parts.js';

const standardPlugins = [conv2dPlugin, optimizersPlugin];
const data = { x: wave(4 * 16), y: wave(4 * 9) };

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'conv2d-layer-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

/** The model as an engine of its own reads it again. */
async function savedAndLoaded(model: Model, plugins: readonly Plugin[] = standardPlugins): Promise<Model> {
  const place = await folder();
  await model.save(place);
  const engine = await freshEngine({ plugins: standardPlugins });
  return engine.load(place, { plugins: plugins.filter((plugin) => !standardPlugins.includes(plugin)) });
}

async function modelOf(options: object, plugins: readonly Plugin[] = []) {
  const engine = await freshEngine({ plugins });
  const layer = conv2d({ filters: 1, kernelSize: 2, inputShape: [4, 4, 1], ...options });
  return { engine, layer, model: engine.sequential([layer]) };
}

const firstLayer = (model: Model): Conv2D => model.layers[0] as Conv2D;

async function expectSameTraining(a: Model, b: Model): Promise<void> {
  const results = [];
  for (const model of [a, b]) {
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'meanSquaredError' });
    const { history } = await model.fit(data, { batchSize: 2, shuffle: false });
    results.push({ history, weights: firstLayer(model).getWeights() });
  }
  expect(results[1]).toEqual(results[0]);
}

describe('Config and copies', () => {
  test('save and load keep every argument: the loaded layer trains to the same bits', async () => {
    const { layer, model } = await modelOf({
      name: 'kept',
      scope: 'stem',
      activation: 'relu',
      kernelInitializer: initializers.heNormal(),
      kernelRegularizer: regularizers.l2({ l2: 0.1 }),
      biasRegularizer: 'l1',
      activityRegularizer: regularizers.l1({ l1: 0.01 }),
      kernelConstraint: constraints.maxNorm({ maxValue: 0.5 }),
      biasConstraint: 'nonNeg',
      batchSize: 2,
    });
    const loaded = await savedAndLoaded(model);
    expect(firstLayer(loaded).getConfig()).toEqual(layer.getConfig());
    expect(firstLayer(loaded).weights.map((v) => v.name)).toEqual(['stem/kernel:0', 'stem/bias:0']);
    await expectSameTraining(model, loaded);
  });

  test('own functions are kept by their plugin, which load is given', async () => {
    const { layer, model } = await modelOf({
      activation: quickGelu,
      kernelInitializer: ramp({ step: 0.1 }),
      kernelRegularizer: total({ factor: 0.1 }),
      activityRegularizer: total({ factor: 0.01 }),
      kernelConstraint: atLeast({ floor: 0.05 }),
    });
    const loaded = await savedAndLoaded(model, [ownParts]);
    expect(firstLayer(loaded).getConfig()).toEqual(layer.getConfig());
    await expectSameTraining(model, loaded);
    expect(Math.min(...firstLayer(loaded).getWeights()[0])).toBeGreaterThanOrEqual(Math.fround(0.05));
  });

  test('own functions that a layer names by a string are kept as well, and found in the plugins of load', async () => {
    const { model } = await modelOf({ activation: 'quickGelu', kernelConstraint: 'atLeast' }, [ownParts]);
    const loaded = await savedAndLoaded(model, [ownParts]);
    await expectSameTraining(model, loaded);
    await expectRejection(() => savedAndLoaded(model), ValueError, /plugin 'own-parts', which is not given/);
  });

  test('load names the plugin that is missing', async () => {
    const { model } = await modelOf({ activation: quickGelu });
    await expectRejection(
      () => savedAndLoaded(model),
      ValueError,
      /model\.json: load: op 'quickGelu' is in plugin 'own-parts', which is not given; list it in createEngine\(\{ plugins /,
    );
  });

  test('save refuses a bare function, names the argument, and writes nothing', async () => {
    const { model } = await modelOf({ name: 'bare', kernelConstraint: (w: SymbolicTensor) => w });
    const place = await folder();
    await expectRejection(() => model.save(place), ValueError, /^layer 'bare': kernelConstraint is a bare function/);
    await expect(readFile(path.join(place, 'model.json'))).rejects.toThrow('ENOENT');
    await expect(readFile(path.join(place, 'weights.safetensors'))).rejects.toThrow('ENOENT');
  });

  test('weights are stored by the name of the variable, not of the layer', async () => {
    const { model, layer } = await modelOf({ name: 'layer-name', scope: 'scope-name' });
    const place = await folder();
    await model.save(place);
    const file = await readFile(path.join(place, 'weights.safetensors'), 'latin1');
    expect(layer.weights.every((v) => file.includes(`"${v.name}"`))).toBe(true);
    expect(file).toContain('scope-name/kernel:0');
    expect(file).not.toContain('layer-name');
  });

  test('a partitioned layer is stored whole, and loaded in one piece', async () => {
    const engine = await freshEngine();
    const layer = conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 1] });
    const partitioner = partitioners.fixedSize({ numShards: 2, axis: -1 });
    const model = engine.variableScope('cut', { partitioner }, () => engine.sequential([layer]));
    const loaded = await savedAndLoaded(model);
    expect(firstLayer(loaded).kernel?.partition).toBeNull();
    expect(firstLayer(loaded).getWeights()).toEqual(layer.getWeights());
  });

  test('layers that share a kernel share it after load, and never with a layer of another model', async () => {
    const engine = await freshEngine({ plugins: standardPlugins });
    const input = engine.input({ shape: [4, 4, 1] });
    const options = { filters: 1, kernelSize: 1, name: 'shared' };
    const owner = conv2d(options);
    const y = conv2d({ ...options, reuse: true }).apply(owner.apply(input));
    const model = engine.model({ inputs: input, outputs: y });
    const place = await folder();
    await model.save(place);
    const reader = await freshEngine({ plugins: standardPlugins });
    const loaded = await reader.load(place);
    const [first, second] = loaded.layers as Conv2D[];
    expect(second.kernel).toBe(first.kernel);
    expect(loaded.weights).toHaveLength(2);
    // Where the name is taken, the second layer would find the kernel of the first model.
    await expectRejection(
      () => engine.load(place),
      ValueError,
      /model\.json: a layer reuses variable 'shared\/kernel:0', which in this engine belongs to a layer outside /,
    );
  });

  test('a model that reuses variables of a layer outside of it is refused by save', async () => {
    const engine = await freshEngine();
    const input = engine.input({ shape: [4, 4, 1] });
    const options = { filters: 1, kernelSize: 1, name: 'outside' };
    conv2d(options).apply(input);
    const model = engine.model({ inputs: input, outputs: conv2d({ ...options, reuse: true }).apply(input) });
    await expectRejection(async () => model.save(await folder()), ValueError, /^save: .*'outside\/kernel:0'/);
  });

  test('options of a call are kept; a tensor among them is refused by its name', async () => {
    class Scaled extends Layer {
      call(x: SymbolicTensor, { by = 1 }: CallOptions): SymbolicTensor {
        return mul(x, by as number | SymbolicTensor);
      }
    }
    const scaled = defineLayer('scaled', Scaled);
    const plugin = definePlugin({ name: 'scaling', parts: [scaled] });
    const engine = await freshEngine();
    const input = engine.input({ shape: [2] });
    const model = engine.model({ inputs: input, outputs: scaled().apply(input, { by: 3 }) });
    const loaded = await savedAndLoaded(model, [plugin]);
    expect((await loaded.predict(Float32Array.of(1, 2))).dataSync()).toEqual(Float32Array.of(3, 6));
    const byTensor = engine.model({ inputs: input, outputs: scaled({ name: 's' }).apply(input, { by: input }) });
    await expectRejection(
      async () => byTensor.save(await folder()),
      ValueError,
      /^save: call of layer 's'\.by cannot be stored: .*, got an object of class SymbolicTensor$/,
    );
  });
});
