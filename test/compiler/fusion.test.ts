import { mul, reduceSum, type SymbolicTensor } from '@convoy/engine';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { differentiate } from '../../packages/engine/dist/graph/differentiate.js';
import { compute, computeOneByOne, field } from './programs.js';
import { graphOf, randomMoves, valuesFor } from './random-graph.js';

const BATCHES = [
  { examples: 5, shardSize: 5 },
  { examples: 7, shardSize: 3 },
];

/** The first element that differs in a bit, or null. NaN equals NaN. */
function difference(actual: readonly Float32Array[], expected: readonly Float32Array[]): string | null {
  for (const [output, values] of actual.entries()) {
    const at = values.findIndex((value, i) => !Object.is(value, expected[output][i]));
    if (at >= 0) return `output ${output}, element ${at}: ${values[at]} and ${expected[output][at]}`;
    if (values.length !== expected[output].length) return `output ${output}: lengths differ`;
  }
  return null;
}

test('any graph gives the bits of its ops one by one: fused, shared, packed and cut into shards', () => {
  fc.assert(
    fc.property(randomMoves, fc.constantFrom(...BATCHES), (moves, batch) => {
      const { outputs } = graphOf(moves);
      const values = valuesFor(batch.examples);
      expect(difference(compute(outputs, values, batch), computeOneByOne(outputs, values, batch))).toBeNull();
    }),
    { numRuns: 150, seed: 20 },
  );
});

test('so does any graph with its gradients', () => {
  fc.assert(
    fc.property(randomMoves, fc.constantFrom(...BATCHES), (moves, batch) => {
      const { outputs, inputs } = graphOf(moves);
      const [row] = outputs;
      const loss = reduceSum(mul(row, field('weights', [4])));
      const { outputs: all, gradients } = differentiate([loss, ...outputs], inputs);
      const asked = [...all, ...gradients].filter((node): node is SymbolicTensor => node !== null);
      const values = valuesFor(batch.examples);
      expect(difference(compute(asked, values, batch), computeOneByOne(asked, values, batch))).toBeNull();
    }),
    { numRuns: 150, seed: 21 },
  );
});
