import type { EngineOptions, FitOptions } from '@convoy/engine';
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
