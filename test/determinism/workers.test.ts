import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { createEngine, type EngineOptions, type FitOptions } from '@convoy/engine';
import { dense, flatten } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { delayed } from '../fixtures/backends.js';
import { bitsOf, makeImages, tinyEngine, tinyModel, type TinyOptions } from '../fixtures/tiny.js';

const WHOLE = makeImages(64);
/** 32 + 32 + 11: the last batch is short, and so is its last shard. */
const SHORT = makeImages(75);

interface Recipe extends TinyOptions {
  readonly images?: typeof WHOLE;
  readonly fit?: FitOptions;
}

/** Weights after two epochs on a machine of that kind. */
async function train(recipe: Recipe, machine: Partial<EngineOptions>): Promise<Record<string, string>> {
  await using engine = await tinyEngine(machine);
  const model = tinyModel(engine, recipe);
  await model.fit(recipe.images ?? WHOLE, { epochs: 2, ...recipe.fit });
  return bitsOf(model);
}

const recipes: Record<string, Recipe> = {
  'plain gradient descent': {},
  'a short last batch': { images: SHORT },
  dropout: { dropoutRate: 0.4, images: SHORT },
  momentum: { optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), images: SHORT },
  Adam: { optimizer: adam({ learningRate: 0.01 }), images: SHORT },
  'five shards': { fit: { shards: 5 }, images: SHORT },
  'one shard': { fit: { shards: 1 }, images: SHORT },
};

describe('the same seed gives the same weights, bit for bit, inline and with 1, 2, 3 and 5 workers', () => {
  for (const [name, recipe] of Object.entries(recipes)) {
    test(`with ${name}`, async () => {
      const inline = await train(recipe, { workers: 'inline' });
      for (const workers of [1, 2, 3, 5]) {
        expect(await train(recipe, { workers }), `${workers} workers`).toEqual(inline);
      }
    });
  }
});

test('random delays in workers change no bit', async () => {
  const recipe = { dropoutRate: 0.4, images: SHORT, optimizer: adam({ learningRate: 0.01 }) };
  const undisturbed = await train(recipe, { workers: 'inline' });
  for (const workers of [2, 3, 5]) {
    expect(await train(recipe, { workers, backend: delayed(2) }), `${workers} workers`).toEqual(undisturbed);
  }
});

describe('a variable with an axis of length 1 that is updated in several ranges has the same bits with any workers', () => {
  for (const [name, backend] of [
    ['wasm', wasm()],
    ['js', js()],
  ] as const) {
    test(`on the ${name} backend`, async () => {
      const trained = async (workers: number): Promise<string[]> => {
        await using engine = await createEngine({ backend, workers, seed: 5 });
        // 1×1×24×1024: three ranges.
        const model = engine.sequential([
          conv2d({ filters: 1024, kernelSize: 1, inputShape: [2, 2, 24] }),
          flatten(),
          dense({ units: 2 }),
        ]);
        model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
        const x = Float32Array.from({ length: 32 * 96 }, (_, i) => Math.sin(i));
        await model.fit(
          { x, y: Int32Array.from({ length: 32 }, (_, i) => i % 2) },
          { epochs: 3, batchSize: 16, shards: 4 },
        );
        return Object.values(bitsOf(model));
      };
      const alone = await trained(1);
      for (const workers of [2, 3, 4, 6]) expect(await trained(workers), `${workers} workers`).toEqual(alone);
    });
  }
});
