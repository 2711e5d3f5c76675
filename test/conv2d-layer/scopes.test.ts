import { conv2d } from '@convoy/conv2d';
import { Layer, mul, ValueError, type Engine, type SymbolicTensor, type VariableScope } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectError } from './expect-error.js';
import { expectClose, wave } from './numbers.js';
import { trainOneStep } from './one-step.js';

type Options = Omit<Parameters<typeof conv2d>[0], 'filters' | 'kernelSize'>;

/** A layer that was applied to an image of one channel. */
function applied(engine: Engine, options: Options = {}) {
  const layer = conv2d({ filters: 1, kernelSize: 1, ...options });
  layer.apply(engine.input({ shape: [2, 2, 1] }));
  return layer;
}

const names = (engine: Engine): string[] => engine.graph.getCollection('variables').map((v) => v.name);

describe('Scopes and reuse', () => {
  test("layer names count from 1, scopes from nothing: 'conv2d_1' has its variables in 'conv2d'", async () => {
    const engine = await freshEngine();
    const layers = [applied(engine), applied(engine), applied(engine)];
    expect(layers.map((layer) => layer.name)).toEqual(['conv2d_1', 'conv2d_2', 'conv2d_3']);
    expect(layers.map((layer) => layer.scopeName)).toEqual(['conv2d', 'conv2d_1', 'conv2d_2']);
    expect(layers[1].weights.map((v) => v.name)).toEqual(['conv2d_1/kernel:0', 'conv2d_1/bias:0']);
  });

  test('two layers of one given name keep it both, in scopes of their own', async () => {
    const engine = await freshEngine();
    const layers = [applied(engine, { name: 'a' }), applied(engine, { name: 'a' })];
    expect(layers.map((layer) => layer.name)).toEqual(['a', 'a']);
    expect(layers.map((layer) => layer.scopeName)).toEqual(['a', 'a_1']);
  });

  test('a given name is the scope as it stands; the name of a class is written in snake case', async () => {
    const engine = await freshEngine();
    expect(applied(engine, { name: 'MyConv_A' }).scopeName).toBe('MyConv_A');
    class _HiddenLayer extends Layer {
      call(x: SymbolicTensor): SymbolicTensor {
        return mul(x, 2);
      }
    }
    const hidden = new _HiddenLayer({});
    hidden.apply(engine.input({ shape: [1] }));
    expect([hidden.name, hidden.scopeName]).toEqual(['private_hidden_layer_1', 'private_hidden_layer']);
  });

  test('the scope is fixed at the first use: a call, build or addVariable', async () => {
    const engine = await freshEngine();
    const make = () => engine.bind(conv2d({ filters: 1, kernelSize: 1 }));
    const [called, built, extended] = [make(), make(), make()];
    engine.variableScope('one', {}, () => called.apply(engine.input({ shape: [2, 2, 1] })));
    engine.variableScope('two', {}, () => built.build([null, 2, 2, 1]));
    engine.variableScope('three', {}, () => extended.addVariable('extra', []));
    engine.variableScope('four', {}, () => {
      for (const layer of [called, built, extended]) layer.apply(engine.input({ shape: [2, 2, 1] }));
    });
    expect([called, built, extended].map((layer) => layer.scopeName)).toEqual([
      'one/conv2d',
      'two/conv2d',
      'three/conv2d',
    ]);
    expect(extended.kernel?.name).toBe('three/conv2d/kernel:0');
  });

  test('apply takes a scope for the first use only', async () => {
    const engine = await freshEngine();
    const x = engine.input({ shape: [2, 2, 1] });
    const layer = conv2d({ filters: 1, kernelSize: 1 });
    layer.apply(x, { scope: 'mine' });
    layer.apply(x, { scope: 'other' });
    expect(layer.scopeName).toBe('mine');
    const second = conv2d({ filters: 1, kernelSize: 1 });
    engine.variableScope('outer', {}, () => second.apply(x, { scope: 'inner' }));
    expect(second.scopeName).toBe('outer/inner');
  });

  test('scopes nest, and the count of names starts anew in another scope', async () => {
    const engine = await freshEngine();
    const scopeNames = engine.variableScope('outer', {}, () => {
      const own = [applied(engine), applied(engine)];
      const inner = engine.variableScope('inner', {}, (scope) => [scope, applied(engine).scopeName] as const);
      return [...own.map((layer) => layer.scopeName), inner[0].name, inner[1]];
    });
    expect(scopeNames).toEqual(['outer/conv2d', 'outer/conv2d_1', 'outer/inner', 'outer/inner/conv2d']);
    expect(applied(engine).scopeName).toBe('conv2d');
    expect(engine.variableScope('next', {}, () => applied(engine).scopeName)).toBe('next/conv2d');
  });

  test('a scope that ends with an error is closed', async () => {
    const engine = await freshEngine();
    expect(() => engine.variableScope('broken', {}, () => expect.fail('on purpose'))).toThrow('on purpose');
    expect(applied(engine).scopeName).toBe('conv2d');
  });

  test('a scope entered again with reuse gives its layers the variables that are there', async () => {
    const engine = await freshEngine();
    const first = engine.variableScope('shared', {}, () => [applied(engine), applied(engine, { name: 'a' })]);
    const again = engine.variableScope('shared', { reuse: true }, () => [
      applied(engine),
      applied(engine, { name: 'a' }),
    ]);
    expect(again.map((layer) => layer.kernel)).toEqual(first.map((layer) => layer.kernel));
    expect(names(engine)).toHaveLength(4);
  });

  test('a scope entered again without reuse meets the variables that are there', async () => {
    const engine = await freshEngine();
    engine.variableScope('twice', {}, () => applied(engine, { name: 'a' }));
    expectError(
      () => engine.variableScope('twice', {}, () => applied(engine, { name: 'a' })),
      ValueError,
      "layer 'a': Variable twice/a/kernel:0 already exists, disallowed. Did you mean to set reuse: true or reuse: " +
        "'auto' in the variable scope?",
    );
  });

  test('reuse true wants a variable to be there; auto makes what is missing', async () => {
    const engine = await freshEngine();
    expectError(
      () => engine.variableScope('new', { reuse: true }, () => applied(engine)),
      ValueError,
      /Variable new\/conv2d\/kernel:0 does not exist, or was not created with addVariable\. Did you mean to set reuse: 'auto'/,
    );
    const made = engine.variableScope('auto', { reuse: 'auto' }, () => applied(engine));
    const found = engine.variableScope('auto', { reuse: 'auto' }, () => applied(engine));
    expect(found.kernel).toBe(made.kernel);
    expect([made.weights.length, found.weights.length]).toEqual([2, 0]);
  });

  test('reuse refuses another shape', async () => {
    const engine = await freshEngine();
    applied(engine, { name: 'sized' });
    const other = conv2d({ filters: 1, kernelSize: 2, name: 'sized', reuse: true });
    expectError(
      () => other.apply(engine.input({ shape: [2, 2, 1] })),
      ValueError,
      "layer 'sized': Trying to share variable sized/kernel:0, but specified shape [2, 2, 1, 1] and found shape " +
        '[1, 1, 1, 1].',
    );
  });

  test("a scope's initializer and regularizer are for variables that name none", async () => {
    const engine = await freshEngine();
    const layer = engine.variableScope('defaults', { initializer: 'ones', regularizer: 'l1' }, () =>
      applied(engine, { biasRegularizer: 'l2' }),
    );
    expect([...(layer.kernel?.dataSync() ?? [])]).toEqual([1]);
    expect([...(layer.bias?.dataSync() ?? [])]).toEqual([0]);
    expect(layer.losses.map((loss) => engine.compute(loss as SymbolicTensor).dataSync()[0])).toEqual([
      Math.fround(0.01),
      0,
    ]);
    const inner = engine.variableScope('defaults', { initializer: 'ones' }, () =>
      engine.variableScope('inner', {}, () => applied(engine)),
    );
    expect([...(inner.kernel?.dataSync() ?? [])]).toEqual([1]);
  });

  test('the scope that a body is given can be entered again, and be the scope of a layer', async () => {
    const engine = await freshEngine();
    const scope = engine.variableScope('kept', { initializer: 'ones' }, (given): VariableScope => given);
    const layer = applied(engine, { scope });
    expect([layer.scopeName, layer.kernel?.dataSync()[0]]).toEqual(['kept', 1]);
    const again = engine.variableScope(scope, {}, () => applied(engine));
    expect([again.scopeName, again.kernel?.dataSync()[0]]).toEqual(['kept/conv2d', 1]);
  });

  test('a layer that reuses owns nothing, and adds no second loss', async () => {
    const engine = await freshEngine();
    applied(engine, { name: 'owner', kernelRegularizer: 'l2' });
    const guest = applied(engine, { name: 'owner', reuse: true, kernelRegularizer: 'l2' });
    expect([guest.weights, guest.losses]).toEqual([[], []]);
    expect(guest.countParams()).toBe(0);
    expect(guest.kernel?.name).toBe('owner/kernel:0');
    expect(engine.graph.getCollection('regularizationLosses')).toHaveLength(1);
  });

  test('a shared kernel is trained once, by the sum of its gradients', async () => {
    const engine = await freshEngine();
    const x = engine.input({ shape: [2, 2, 1] });
    const options = { filters: 1, kernelSize: 1, useBias: false, name: 'shared', kernelInitializer: 'ones' } as const;
    const owner = conv2d(options);
    const y = owner.apply(x);
    const model = engine.model({ inputs: x, outputs: conv2d({ ...options, reuse: true }).apply(y) });
    expect(model.weights).toHaveLength(1);
    const values = wave(4);
    await trainOneStep(model, { x: values, y: new Float32Array(4), batchSize: 1 });
    // L = mean (k²x)², dL/dk = 4·k³·mean x²
    const slope = (4 * values.reduce((sum, v) => sum + v * v, 0)) / 4;
    expectClose(owner.getWeights()[0], [1 - 0.1 * slope]);
  });
});
