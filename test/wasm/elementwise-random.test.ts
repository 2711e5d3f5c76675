/** Expressions drawn at random: every step that IEEE arithmetic defines has the bits of the JS backend, whatever is fused around it. */
import { sizeOf, type ExpressionStep } from '@convoy/engine/kernels';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ours, reference, UNTOUCHED } from './beside-js.js';

const UNARY = ['identity', 'neg', 'abs', 'sign', 'floor', 'sqrt', 'square'] as const;
const BINARY = [
  'add',
  'sub',
  'mul',
  'div',
  'max',
  'min',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'equal',
] as const;
const OPERANDS = 3;

/** A step whose arguments are among the values before it. */
function stepOf(
  [kind, pick, a, b, c]: readonly [number, number, number, number, number],
  before: number,
): ExpressionStep {
  if (kind === 0) return ['constant', [0, -0, 0.3, -1e30, Infinity, Number.NaN][pick % 6]];
  if (kind === 1) return [pick % 2 === 0 ? 'step' : 'examples'];
  if (kind === 2) return ['select', a % before, b % before, c % before];
  if (kind < 6) return [UNARY[pick % UNARY.length], a % before];
  return [BINARY[pick % BINARY.length], a % before, b % before];
}

const draws = fc.array(fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99)), {
  minLength: 1,
  maxLength: 9,
});
const cases = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    draws,
    // How many leading axes an operand lacks, which others are 1, and what it holds.
    operands: fc.array(
      fc.record({
        from: fc.nat(shape.length),
        ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
        integers: fc.boolean(),
        values: fc.array(fc.oneof(fc.float(), fc.constantFrom(0, -0, 1, -2.5)), { minLength: 1, maxLength: 9 }),
      }),
      { minLength: OPERANDS, maxLength: OPERANDS },
    ),
    batched: fc.boolean(),
    examples: fc.nat(shape[0]),
  }),
);

test('operands of any shape, several results, fewer examples than there is room for', () => {
  fc.assert(
    fc.property(cases, ({ shape, draws: drawn, operands, batched, examples }) => {
      const steps = drawn.map((draw, i) => stepOf(draw, OPERANDS + i));
      const last = OPERANDS + steps.length - 1;
      const outputs = [last, OPERANDS];
      const results = [ours, reference].map((kernels) => {
        kernels.clear();
        const inputs = operands.map(({ from, ones, integers, values }) => {
          const own = shape.slice(from).map((length, j) => (ones[j] ? 1 : length));
          const size = sizeOf(own);
          const held = Array.from({ length: size }, (_, j) => values[j % values.length]);
          return kernels.view(own, integers ? held.map((_, j) => 5 * j - 7) : held, false, integers);
        });
        const made = outputs.map(() => kernels.view(shape, UNTOUCHED, batched));
        kernels
          .bind('elementwise', inputs, made, { expression: { steps, outputs } })
          .run({ examples, count: 11, step: 3 });
        return made.map(({ data }) => Array.from(data));
      });
      expect(results[0]).toEqual(results[1]);
    }),
    { seed: 7, numRuns: 2000 },
  );
});
