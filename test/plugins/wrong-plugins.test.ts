/** Wrong ways to group parts into plugins, to list plugins, and to name their parts. */
import {
  createEngine,
  defineConstraint,
  defineInitializer,
  defineOp,
  defineOptimizer,
  definePlugin,
} from '@convoy/engine';
import type { EngineOptions, SymbolicTensor } from '@convoy/engine';
import { js } from '@convoy/backend-js';
import { dense, layersPlugin } from '@convoy/layers';
import { optimizersPlugin, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { modelOf, train, withEngine } from './small-model.js';

const makeOp = (name: string) => defineOp<[x: SymbolicTensor]>(name, { shape: ([x]) => x, lower: ([x]) => x });
const engineWith = (plugins: EngineOptions['plugins']) => createEngine({ backend: js(), plugins });

describe('definePlugin refuses', () => {
  test('a plugin without a name', () =>
    expectRefusal(() => definePlugin({ name: '' }), { says: ['definePlugin', 'name', 'non-empty'] }));

  test('a part that is listed twice', () => {
    const op = makeOp('fold');
    return expectRefusal(() => definePlugin({ name: 'origami', parts: [op, op] }), {
      code: 'PLUGIN_DUPLICATE',
      says: ["plugin 'origami'", "op 'fold'", 'listed twice'],
    });
  });

  test('two parts of one kind and name', () =>
    expectRefusal(() => definePlugin({ name: 'origami', parts: [makeOp('fold'), makeOp('fold')] }), {
      code: 'PLUGIN_DUPLICATE',
      says: ["plugin 'origami'", "op 'fold'"],
    }));

  test('a part that belongs to another plugin', () => {
    const op = makeOp('fold');
    definePlugin({ name: 'origami', parts: [op] });
    return expectRefusal(() => definePlugin({ name: 'laundry', parts: [op] }), {
      code: 'PLUGIN_PART',
      says: ["plugin 'laundry'", "op 'fold'", "belongs to plugin 'origami'", 'one plugin only'],
    });
  });

  test.each([
    ['a number', 5, 'number'],
    ['undefined, as an import cycle gives it', undefined, 'undefined'],
    ['a value in place of the factory that made it', sgd(), "optimizer 'sgd'"],
    ['a layer in place of its factory', dense({ units: 1 }), 'Dense'],
    ['a bare function', (x: SymbolicTensor) => x, 'function'],
  ])('%s among the parts, and says which', (_, value, kind) =>
    expectRefusal(() => definePlugin({ name: 'origami', parts: [makeOp('fold'), unchecked(value)] }), {
      code: 'PLUGIN_PART',
      says: ["plugin 'origami'", 'parts[1]', kind, 'defineOp'],
    }),
  );

  test('parts that are no list', () =>
    expectRefusal(() => definePlugin({ name: 'origami', parts: unchecked(makeOp('fold')) }), {
      says: ["plugin 'origami'", 'parts', 'list'],
    }));

  test('kernels that are no URL', () =>
    expectRefusal(() => definePlugin({ name: 'origami', kernels: unchecked('./kernels.js') }), {
      code: 'PLUGIN_KERNELS',
      says: ["plugin 'origami'", 'URL', "new URL('./kernels.js', import.meta.url)"],
    }));

  test('options that are none', () =>
    expectRefusal(() => definePlugin(unchecked(undefined)), { says: ['definePlugin', 'undefined'] }));

  test('without taking the good parts of what it refuses', () => {
    const op = makeOp('fold');
    expect(() => definePlugin({ name: 'origami', parts: [op, unchecked(5)] })).toThrow();
    expect(definePlugin({ name: 'origami', parts: [op] }).parts).toEqual([op]);
  });
});

describe('createEngine refuses', () => {
  test('two plugins of one name', () =>
    expectRefusal(() => engineWith([definePlugin({ name: 'origami' }), definePlugin({ name: 'origami' })]), {
      code: 'PLUGIN_DUPLICATE',
      says: ['createEngine', "two plugins are called 'origami'"],
    }));

  test('one plugin listed twice', () =>
    expectRefusal(() => engineWith([layersPlugin, layersPlugin]), {
      code: 'PLUGIN_DUPLICATE',
      says: ['createEngine', "plugin 'layers' is listed twice"],
    }));

  test('two plugins that claim one name for an op', () => {
    const origami = definePlugin({ name: 'origami', parts: [makeOp('fold')] });
    const laundry = definePlugin({ name: 'laundry', parts: [makeOp('fold')] });
    return expectRefusal(() => engineWith([origami, laundry]), {
      code: 'PLUGIN_DUPLICATE',
      says: ["op 'fold'", "'origami'", "'laundry'", 'rename one of them'],
    });
  });

  test('a name that the engine itself has', () =>
    expectRefusal(() => engineWith([definePlugin({ name: 'mine', parts: [makeOp('relu')] })]), {
      code: 'PLUGIN_DUPLICATE',
      says: ["op 'relu'", "'engine/standard'", "'mine'"],
    }));

  test.each([
    ['a value that is no plugin', [{}]],
    ['a part in place of its plugin', [makeOp('fold')]],
    ['a plugin that is not in a list', layersPlugin],
  ])('%s', (_, plugins) =>
    expectRefusal(() => engineWith(unchecked(plugins)), { says: ['createEngine', 'plugins', 'definePlugin'] }),
  );

  test('nothing about one name for parts of two kinds', () => {
    const parts = [makeOp('fold'), defineConstraint('fold', () => (w) => w), defineInitializer('fold', () => zeros)];
    return withEngine({ plugins: [definePlugin({ name: 'origami', parts })] }, (engine) => {
      expect(parts.map(({ kind }) => engine.lookup(kind, 'fold'))).toEqual(parts);
    });
  });
});

const zeros = ({ shape }: { shape: readonly number[] }) => new Float32Array(shape.reduce((a, b) => a * b, 1));

describe('a name that no plugin has is refused with the names that there are', () => {
  test('of an activation, with the nearest name', () =>
    expectRefusal(() => train({ activation: 'rellu' }), {
      code: 'UNKNOWN_NAME',
      says: ["layer 'odd'", "'rellu'", "Did you mean 'relu'", 'softplus', 'plugins'],
    }));

  test('of an optimizer, when no plugin has any', () =>
    expectRefusal(() => train({ optimizer: 'adam' }), {
      code: 'UNKNOWN_NAME',
      says: ["no optimizer is called 'adam'", /known: none/i, 'createEngine({ plugins: [...] })'],
    }));

  test('of an optimizer, when a plugin has some', () =>
    withEngine({ plugins: [optimizersPlugin] }, (engine) =>
      expectRefusal(() => modelOf(engine, { optimizer: 'adagrad' }), {
        code: 'UNKNOWN_NAME',
        says: ["'adagrad'", /known: adam, sgd/i],
      }),
    ));

  test('of a loss', () =>
    expectRefusal(() => train({ loss: 'meanSquareError' }), {
      code: 'UNKNOWN_NAME',
      says: ["'meanSquareError'", "Did you mean 'meanSquaredError'", 'categoricalCrossentropy'],
    }));

  test('of a metric', () =>
    expectRefusal(() => train({ metrics: ['acuracy'] }), {
      code: 'UNKNOWN_NAME',
      says: ["no metric is called 'acuracy'", "Did you mean 'accuracy'"],
    }));

  test('of a constraint', () =>
    expectRefusal(() => train({ constraint: 'filterNorm' }), {
      code: 'UNKNOWN_NAME',
      says: ["layer 'dense_1'", "no constraint is called 'filterNorm'"],
    }));

  test('of an initializer', () =>
    expectRefusal(() => train({ initializer: 'zeroes' }), {
      code: 'UNKNOWN_NAME',
      says: ["layer 'dense_1'", "no initializer is called 'zeroes'", "Did you mean 'zeros'"],
    }));

  test('and a part of another kind does not answer to it', () => {
    const plugins = [
      definePlugin({
        name: 'mine',
        parts: [
          defineOptimizer(
            'fold',
            unchecked(() => ({})),
          ),
        ],
      }),
    ];
    return withEngine({ plugins }, (engine) =>
      expectRefusal(() => modelOf(engine, { activation: 'fold' }), { code: 'UNKNOWN_NAME', says: ["'fold'"] }),
    );
  });
});
