/** A misspelt option never passes in silence: it is named, with the nearest one that there is. */
import { js } from '@convoy/backend-js';
import {
  createEngine,
  defineBackend,
  defineConstraint,
  defineInitializer,
  defineLayer,
  defineLoss,
  defineMetric,
  defineOptimizer,
  definePlugin,
  defineSchedule,
  fill,
  Layer,
  square,
  sub,
  UnknownOptionError,
  type LayerOptions,
  type SymbolicTensor,
} from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';

class Fold extends Layer<LayerOptions & { creases?: number }> {
  call(x: SymbolicTensor): SymbolicTensor {
    return x;
  }
}

type Options = { creases?: number };
const optimizer = defineOptimizer<Options>(
  'fold',
  () => ({ learningRate: 0.1, update: ({ variable }) => ({ variable }) }),
  ['creases'],
);
const loss = defineLoss<Options>(
  'fold',
  () => ({ targets: (shape) => ({ dtype: 'float32', shape }), perExample: (a, b) => square(sub(a, b)) }),
  ['creases'],
);
const factories: [kind: string, factory: (options?: Options) => unknown][] = [
  ['optimizer', optimizer],
  ['loss', loss],
  ['metric', defineMetric<Options>('fold', () => ({ perExample: (output) => output }), ['creases'])],
  ['initializer', defineInitializer<Options>('fold', () => () => new Float32Array(1), ['creases'])],
  ['constraint', defineConstraint<Options>('fold', () => (w) => w, ['creases'])],
  ['schedule', defineSchedule<Options>('fold', () => () => fill(1, []), ['creases'])],
  ['layer', defineLayer('fold', Fold, ['creases'])],
];

describe.each(factories)('the factory of a custom %s', (_, factory) => {
  test('takes its own option', () => {
    expect(() => factory({ creases: 2 })).not.toThrow();
    expect(() => factory()).not.toThrow();
  });

  test('refuses a misspelt one', () =>
    expectRefusal(() => factory(unchecked({ crease: 2 })), {
      error: UnknownOptionError,
      code: 'UNKNOWN_OPTION',
      says: [/^fold: unknown option 'crease'/, "Did you mean 'creases'?", /Known options: creases/],
    }));

  test('suggests nothing where nothing is near', async () => {
    const error: unknown = await Promise.resolve()
      .then(() => factory(unchecked({ rate: 2 })))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).not.toHaveProperty('message', expect.stringContaining('Did you mean'));
  });

  test.each([0.01, 'fast', [1]])('refuses %j in place of options', (given) =>
    expectRefusal(() => factory(unchecked(given)), {
      code: 'OPTION',
      says: ['fold', 'options', String(given)],
    }),
  );
});

test('a factory without options says so', () =>
  expectRefusal(() => defineConstraint('fold', () => (w) => w)(unchecked({ crease: 1 })), {
    error: UnknownOptionError,
    says: ["'crease'", 'takes no options'],
  }));

test.each<[kind: string, define: (name: never) => unknown]>([
  ['optimizer', (name) => defineOptimizer(name, () => ({ learningRate: 1, update: ({ variable }) => ({ variable }) }))],
  ['constraint', (name) => defineConstraint(name, () => (w) => w)],
  ['layer', (name) => defineLayer(name, Fold)],
])('%s: a factory cannot be made without a name', (kind, define) =>
  expectRefusal(() => define(unchecked(undefined)), { says: [kind, 'name', 'non-empty', 'undefined'] }),
);

const kernels = new URL('../fixtures/plugins/faults.mjs', import.meta.url);

test.each<[string, () => unknown, string, string]>([
  ['definePlugin', () => definePlugin(unchecked({ name: 'origami', part: [] })), 'part', 'parts'],
  ['defineBackend', () => defineBackend(unchecked({ name: 'mine', kernels, extend: js() })), 'extend', 'extends'],
  ['createEngine', () => createEngine(unchecked({ backend: js(), worker: 2 })), 'worker', 'workers'],
])('%s refuses a misspelt option', (name, action, wrong, right) =>
  expectRefusal(action, {
    error: UnknownOptionError,
    code: 'UNKNOWN_OPTION',
    says: [`${name}: unknown option '${wrong}'`, `Did you mean '${right}'?`],
  }),
);
