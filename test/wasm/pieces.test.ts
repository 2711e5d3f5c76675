/** Slices, padding, joins and transposes beside the JS backend: up to six axes, empty ones too, fewer examples. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizeOf } from '@convoy/engine/kernels';
import { both, operand } from './beside-js.js';

const shapes = fc
  .array(fc.constantFrom(0, 1, 2, 3, 4, 5), { minLength: 1, maxLength: 6 })
  .filter((shape) => sizeOf(shape) <= 700);

/** An operand, and how many of its rows are there. */
const batches = shapes.chain((shape) =>
  fc.record({ shape: fc.constant(shape), x: operand(shape, true), examples: fc.integer({ min: 0, max: shape[0] }) }),
);

test('slices', () => {
  const slices = batches.chain((b) =>
    fc
      .tuple(...b.shape.slice(1).map((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.integer({ min: 0, max: n }))))
      .map((ends) => {
        const sorted = ends.map(([a, z]) => [Math.min(a, z), Math.max(a, z)]);
        return {
          ...b,
          begin: [0, ...sorted.map(([a]) => a)],
          result: [b.shape[0], ...sorted.map(([a, z]) => z - a)],
        };
      }),
  );
  fc.assert(
    fc.property(slices, ({ x, begin, result, examples }) => {
      const [y, expected] = both('slice', [x], result, { begin }, { examples });
      expect(y).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('padding', () => {
  const amount = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
  const padded = batches
    .filter(({ shape }) => shape.length <= 4)
    .chain((b) => fc.tuple(...b.shape.slice(1).map(() => amount)).map((sides) => ({ ...b, sides })));
  fc.assert(
    fc.property(padded, ({ x, shape, sides, examples }) => {
      const paddings = [[0, 0], ...sides];
      const result = shape.map((n, i) => n + paddings[i][0] + paddings[i][1]);
      const [y, expected] = both('pad', [x], result, { paddings }, { examples });
      expect(y).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('joins along any axis', () => {
  const joins = fc
    .record({ shape: shapes, lengths: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }) })
    .chain(({ shape, lengths }) =>
      fc.record({ shape: fc.constant(shape), lengths: fc.constant(lengths), axis: fc.nat(shape.length - 1) }),
    )
    .chain(({ shape, lengths, axis }) => {
      // The batch is not joined.
      const batched = axis > 0;
      const inputs = lengths.map((n) =>
        operand(
          shape.map((d, i) => (i === axis ? n : d)),
          batched,
        ),
      );
      const total = lengths.reduce((a, b) => a + b, 0);
      const result = shape.map((d, i) => (i === axis ? total : d));
      return fc.record({
        inputs: fc.tuple(...inputs),
        axis: fc.constant(axis),
        result: fc.constant(result),
        examples: batched ? fc.integer({ min: 0, max: shape[0] }) : fc.constant(1),
      });
    });
  fc.assert(
    fc.property(joins, ({ inputs, axis, result, examples }) => {
      const [y, expected] = both('concat', inputs, result, { axis }, { examples });
      expect(y).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('transposes, of a batch and of tensors without', () => {
  const transposes = batches.chain((b) =>
    fc.record({
      x: fc.constant(b.x),
      batched: fc.boolean(),
      examples: fc.constant(b.examples),
      axes: fc.shuffledSubarray(
        b.shape.map((_, i) => i),
        { minLength: b.shape.length },
      ),
    }),
  );
  fc.assert(
    fc.property(transposes, ({ x, batched, examples, axes }) => {
      const permutation = batched ? [0, ...axes.filter((axis) => axis !== 0)] : axes;
      const result = permutation.map((axis) => x.shape[axis]);
      const [y, expected] = both('transpose', [{ ...x, batched }], result, { permutation }, { examples });
      expect(y).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('a scalar is copied by each', () => {
  const x = { shape: [], values: [5] };
  expect(both('slice', [x], [], { begin: [] })[0]).toEqual([5]);
  expect(both('transpose', [x], [], { permutation: [] })[0]).toEqual([5]);
  expect(both('pad', [x], [], { paddings: [] })[0]).toEqual([5]);
});
