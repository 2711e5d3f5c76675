/** Gradients of large dense kernels, computed over the whole batch by ranges of rows, beside the sums of the shards' parts. */
import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import {
  constraints,
  createEngine,
  defineLoss,
  defineOptimizer,
  div,
  Layer,
  max,
  mul,
  partitioners,
  reduceMean,
  reduceSum,
  sqrt,
  square,
  sub,
  type Backend,
  type Engine,
  type Model,
  type SymbolicTensor,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { partsOnly } from '../fixtures/backends.js';
import { bitsOf } from '../fixtures/tiny.js';

const INPUTS = 24;
/** 32 + 32 + 13 examples: the last batch is short, and so is its last shard. */
const EXAMPLES = 77;
const data = {
  x: Float32Array.from({ length: EXAMPLES * INPUTS }, (_, i) => Math.sin(i * 1.7) + ((i % INPUTS) % 3) / 9),
  y: Int32Array.from({ length: EXAMPLES }, (_, i) => (i * 7) % 4),
};

class Centred extends Layer {
  call(x: SymbolicTensor): SymbolicTensor {
    return sub(x, reduceMean(x, { axes: [0], keepDims: true }));
  }
}

/** Pulls activities towards 0. */
class Active extends Layer {
  call(x: SymbolicTensor): SymbolicTensor {
    this.addLoss(mul(reduceSum(square(x)), 1e-4), [x]);
    return mul(x, 1);
  }
}

/** Gradients of norm 1 at most. */
const clipped = defineOptimizer('clipped', () => ({
  learningRate: 0.1,
  update: ({ variable, gradient, learningRate }) => {
    const norm = sqrt(reduceSum(square(gradient)));
    return { variable: sub(variable, mul(learningRate, div(gradient, max(norm, 1)))) };
  },
}));

const wide = (options: object = {}) => dense({ units: 256, activation: 'tanh', ...options });
const first = () => wide({ inputShape: [INPUTS] });
const head = () => dense({ units: 4 });
type Recipe = (engine: Engine) => Model;

const compiled = (model: Model, optimizer = sgd({ learningRate: 0.1 })): Model => {
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  return model;
};

const recipes: Record<string, Recipe> = {
  'gradient descent': (engine) => compiled(engine.sequential([first(), wide(), head()])),
  Adam: (engine) => compiled(engine.sequential([first(), wide(), head()]), adam({ learningRate: 0.003 })),
  'a kernel that is used twice': (engine) => {
    const shared = wide();
    const input = engine.input({ shape: [INPUTS] });
    const hidden = shared.apply(shared.apply(first().apply(input)));
    return compiled(engine.model({ inputs: input, outputs: head().apply(hidden) }));
  },
  'a norm of the gradient in the optimizer': (engine) =>
    compiled(engine.sequential([first(), wide(), head()]), clipped()),
  'a norm in the constraint': (engine) =>
    compiled(engine.sequential([first(), wide({ kernelConstraint: constraints.maxNorm({ maxValue: 1 }) }), head()])),
  'a penalty of activities': (engine) => compiled(engine.sequential([first(), new Active({}), wide(), head()])),
  'statistics of the batch between layers': (engine) =>
    compiled(engine.sequential([first(), wide(), new Centred({}), wide(), head()])),
  'a partitioned kernel': (engine) =>
    engine.variableScope('cut', { partitioner: partitioners.fixedSize({ numShards: 3, axis: -1 }) }, () =>
      compiled(engine.sequential([first(), wide(), head()])),
    ),
  'a frozen layer below': (engine) =>
    compiled(engine.sequential([wide({ inputShape: [INPUTS], trainable: false }), wide(), head()])),
};

interface Trained {
  readonly bits: Record<string, string>;
  readonly weights: readonly Float32Array[];
  readonly program: string;
}

async function trained(recipe: Recipe, backend: Backend, workers: number | 'inline'): Promise<Trained> {
  await using engine = await createEngine({ backend, workers, seed: 3 });
  const model = recipe(engine);
  await model.fit(data, { epochs: 2, batchSize: 32, shards: 4 });
  const program = model.explain({ batchSize: 32, shards: 4 });
  return { bits: bitsOf(model), weights: model.weights.map((variable) => variable.dataSync()), program };
}

/** Largest |a − b|, over the largest change that b can have had: its largest element. */
function distance(actual: Trained, expected: Trained): number {
  const distances = actual.weights.map((values, i) => {
    const wanted = expected.weights[i];
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    return values.reduce((most, value, j) => Math.max(most, Math.abs(value - wanted[j])), 0) / largest;
  });
  return Math.max(...distances);
}

describe('a large gradient over the whole batch', () => {
  for (const [name, recipe] of Object.entries(recipes)) {
    test(`has the same bits with any workers, and the sum of the shards' parts: ${name}`, async () => {
      const inline = await trained(recipe, wasm(), 'inline');
      expect(inline.program).toMatch(/matmul\(examples@.*in rows of 256/);
      for (const workers of [1, 2, 3]) {
        expect((await trained(recipe, wasm(), workers)).bits, `${workers} workers`).toEqual(inline.bits);
      }
      const parts = await trained(recipe, partsOnly(wasm()), 2);
      expect(parts.program).not.toContain('in rows of');
      expect(distance(inline, parts)).toBeLessThan(1e-4);
      expect(distance(inline, await trained(recipe, js(), 2))).toBeLessThan(1e-4);
    });
  }
});

test('its bits do not depend on the shards, where no other value does', async () => {
  const run = async (shards: number): Promise<Record<string, string>> => {
    await using engine = await createEngine({ backend: wasm(), workers: 2, seed: 3 });
    const layers = [wide({ inputShape: [INPUTS], trainable: false }), wide({ useBias: false })];
    const model = compiled(engine.sequential([...layers, dense({ units: 4, trainable: false })]));
    await model.fit(data, { epochs: 2, batchSize: 32, shards });
    return bitsOf(model);
  };
  expect(await run(8)).toEqual(await run(4));
});

test('one that is not finite ends fit, though the loss is finite, and leaves the weights', async () => {
  // √((output − target)²) has no derivative where output and target are equal: 0 · ∞.
  const distanceLoss = defineLoss('distance', () => ({
    targets: (output) => ({ dtype: 'float32', shape: output }),
    perExample: (output, targets) => reduceSum(sqrt(square(sub(output, targets))), { axes: [1] }),
  }));
  for (const backend of [wasm(), js()]) {
    await using engine = await createEngine({ backend, workers: 2 });
    const model = engine.sequential([dense({ units: 256, useBias: false, inputShape: [256] })]);
    model.compile({ optimizer: sgd(), loss: distanceLoss() });
    const zeros = { x: new Float32Array(32 * 256), y: new Float32Array(32 * 256) };
    expect(model.explain({ batchSize: 32, shards: 4 })).toContain('in rows of 256');
    const before = bitsOf(model);
    await expect(model.fit(zeros, { batchSize: 32, shards: 4 })).rejects.toMatchObject({ code: 'NON_FINITE' });
    expect(bitsOf(model)).toEqual(before);
  }
});
