/** Softmax and cross-entropy beside the JS backend: vectors of any length, special values, labels of every kind. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { both, operand, special, type Operand } from './beside-js.js';

/** Rounding a double to single precision may fall on either side of what another exp or log rounds to. */
function expectSameUpToRounding(value: number, expected: number): void {
  if (!Number.isFinite(expected)) expect(value).toBe(expected);
  else expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.max(2 ** -23 * Math.abs(expected), 2 ** -149));
}

const logits = fc
  .record({ N: fc.integer({ min: 1, max: 4 }), M: fc.constantFrom(0, 1, 3), length: fc.integer({ min: 1, max: 19 }) })
  .chain(({ N, M, length }) => {
    const outer = M === 0 ? [N] : [N, M];
    return fc.record({
      outer: fc.constant(outer),
      x: operand([...outer, length], true),
      targets: operand([...outer, length], true, fc.double({ min: 0, max: 1, noNaN: true }).map(Math.fround)),
      dy: operand([...outer, length], true, fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround)),
      upstream: operand(outer, true, fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround)),
      examples: fc.integer({ min: 0, max: N }),
    });
  });

test('all four dense forms agree with the JS backend to the last bit but one', () => {
  fc.assert(
    fc.property(logits, ({ outer, x, targets, dy, upstream, examples }) => {
      const run = { examples };
      const pairs = [
        both('softmax', [x], x.shape, {}, run),
        both('softmaxGradient', [dy, targets], x.shape, {}, run),
        both('softmaxCrossEntropy', [x, targets], outer, {}, run),
        both('softmaxCrossEntropyGradient', [upstream, x, targets], x.shape, {}, run),
      ];
      // Differences of near numbers in double precision: what is left of them may differ more than their last bit.
      for (const [ours, expected] of pairs) {
        ours.forEach((value, i) => {
          if (Number.isFinite(expected[i]))
            expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(2 ** -23 * Math.abs(expected[i]) + 1e-9);
          else expect(value).toBe(expected[i]);
        });
      }
    }),
    { numRuns: 200 },
  );
});

describe('with labels,', () => {
  const values = Array.from({ length: 5 * 7 }, (_, i) => 4 * Math.sin(i * 1.7));
  const x = { shape: [5, 7], values, batched: true };
  const dy = { shape: [5], values: [1, -0.5, 2, 0, 1], batched: true };
  const labelled = (labels: readonly number[]): Operand => ({ shape: [5], values: labels, batched: true });

  test('loss and gradient are those of the JS backend', () => {
    const labels = labelled([0, 6, 3, 3, 1]);
    const [loss, expectedLoss] = both('sparseSoftmaxCrossEntropy', [x, labels], [5], {}, { examples: 4 });
    loss.forEach((value, i) => expectSameUpToRounding(value, expectedLoss[i]));
    const inputs = [dy, x, labels];
    const [dx, expected] = both('sparseSoftmaxCrossEntropyGradient', inputs, [5, 7], {}, { examples: 4 });
    dx.forEach((value, i) => expectSameUpToRounding(value, expected[i]));
  });

  test('what is no class has a loss of NaN, and takes nothing off the gradient', () => {
    const labels = labelled([Number.NaN, 1.5, -0.5, -1, 7]);
    expect(both('sparseSoftmaxCrossEntropy', [x, labels], [5], {})[0]).toEqual(Array(5).fill(Number.NaN));
    const [dx, expected] = both('sparseSoftmaxCrossEntropyGradient', [dy, x, labels], [5, 7], {});
    dx.forEach((value, i) => expectSameUpToRounding(value, expected[i]));
  });
});

test('an example has the same bits whichever examples are beside it', () => {
  fc.assert(
    fc.property(fc.array(special, { minLength: 21, maxLength: 21 }), (values) => {
      const [all] = both('softmax', [{ shape: [3, 7], values, batched: true }], [3, 7], {});
      const middle = { shape: [1, 7], values: values.slice(7, 14), batched: true };
      expect(both('softmax', [middle], [1, 7], {})[0]).toEqual(all.slice(7, 14));
    }),
  );
});
