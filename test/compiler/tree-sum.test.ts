import { js } from '@convoy/backend-js';
import { createEngine, defineLoss, reduceSum } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { compute, field } from './programs.js';

/** Numbers that float32 adds to something else in another order: a 1 beside 2²⁴ is lost, or not. */
const NUMBERS = [2 ** 24, 1, 1, 1, -(2 ** 24), 0.1, 3, 1e-3, 7, 2 ** 22, 0.3, -(2 ** 22), 1, 1e7, 0.7, -1e7].map(
  Math.fround,
);

/** Neighbours first, then pairs of neighbours, and so on; what has no neighbour goes up as it is. */
function treeSum(parts: readonly number[]): number {
  if (parts.length === 1) return parts[0];
  const pairs = Array.from({ length: Math.ceil(parts.length / 2) }, (_, i) =>
    2 * i + 1 < parts.length ? Math.fround(parts[2 * i] + parts[2 * i + 1]) : parts[2 * i],
  );
  return treeSum(pairs);
}

function leftToRight(parts: readonly number[]): number {
  return parts.reduce((sum, x) => Math.fround(sum + x), 0);
}

describe('parts of shards are added up as a fixed tree', () => {
  for (const count of [1, 2, 3, 5, 7, 8, 11, 16]) {
    test(`${count} shards of one example`, () => {
      const parts = NUMBERS.slice(0, count);
      const values = new Map([['x', Float32Array.from(parts)]]);
      const [sum] = compute([reduceSum(field('x', []))], values, { examples: count, shardSize: 1 });
      expect(sum[0]).toBe(treeSum(parts));
    });
  }

  test('whose order shows in these numbers', () => {
    for (const count of [7, 11]) {
      const parts = NUMBERS.slice(0, count);
      expect(treeSum(parts)).not.toBe(leftToRight(parts));
      expect(treeSum(parts)).not.toBe(treeSum(parts.toReversed()));
    }
  });

  test('a short batch has fewer shards, and the tree of as many', () => {
    const values = new Map([['x', Float32Array.from(NUMBERS)]]);
    for (const examples of [9, 10]) {
      const pairs = Array.from({ length: Math.ceil(examples / 2) }, (_, i) =>
        Math.fround(
          NUMBERS.slice(0, examples)
            .slice(2 * i, 2 * i + 2)
            .reduce((a, b) => a + b),
        ),
      );
      const [sum] = compute([reduceSum(field('x', []))], values, { examples, shardSize: 2 });
      expect(sum[0]).toBe(treeSum(pairs));
    }
  });
});

/** Its gradient with respect to the output is 1 for each example, over their number. */
const itself = defineLoss('itself', () => ({
  targets: (output) => ({ dtype: 'float32', shape: output }),
  perExample: (output) => output,
}));

test('a gradient that workers compute is that tree, whoever computed what', async () => {
  for (const workers of ['inline', 1, 3] as const) {
    for (const count of [16, 8]) {
      await using engine = await createEngine({ backend: js(), workers });
      const layer = dense({ units: 1, useBias: false, kernelInitializer: 'zeros', inputShape: [1] });
      const model = engine.sequential([layer]);
      // The rate undoes the division by the number of examples, a power of two, without rounding.
      model.compile({ optimizer: sgd({ learningRate: count }), loss: itself() });
      const x = Float32Array.from(NUMBERS.slice(0, count));
      await model.fit({ x, y: new Float32Array(count) }, { batchSize: count, shards: count, shuffle: false });
      expect(-(layer.kernel?.dataSync()[0] ?? 0), `${workers} workers, ${count} shards`).toBe(
        treeSum(NUMBERS.slice(0, count)),
      );
    }
  }
});
