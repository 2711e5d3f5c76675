/** Random numbers beside the JS backend: any key, step and place in the batch. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ours, reference, UNTOUCHED } from './beside-js.js';

const word = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

test('are the same bits, with any words as key, at any step and from any example on', () => {
  const draws = fc.record({
    shape: fc.array(fc.constantFrom(0, 1, 2, 3, 4, 7, 8, 15, 16, 17), { minLength: 1, maxLength: 3 }),
    batched: fc.boolean(),
    key: fc.tuple(word, word),
    step: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    firstExample: fc.integer({ min: 0, max: 2 ** 30 }),
    missing: fc.integer({ min: 0, max: 1 }),
  });
  fc.assert(
    fc.property(draws, ({ shape, batched, key, step, firstExample, missing }) => {
      const examples = Math.max(0, shape[0] - missing);
      const results = [ours, reference].map((kernels) => {
        kernels.clear();
        const output = kernels.view(shape, UNTOUCHED, batched && shape[0] > 0);
        kernels.bind('randomUniform', [], [output], { key }).run({ examples, firstExample, step });
        return Array.from(output.data);
      });
      expect(results[0]).toEqual(results[1]);
    }),
    { numRuns: 300 },
  );
});

test('of an example are the same however the batch is cut', () => {
  const drawn = (rows: number, firstExample: number): number[] => {
    ours.clear();
    const output = ours.view([rows, 5], UNTOUCHED, true);
    ours.bind('randomUniform', [], [output], { key: [7, 9] }).run({ examples: rows, firstExample, step: 3 });
    return Array.from(output.data);
  };
  expect([...drawn(2, 0), ...drawn(3, 2), ...drawn(1, 5)]).toEqual(drawn(6, 0));
});
