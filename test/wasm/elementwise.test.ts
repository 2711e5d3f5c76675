/** Expressions as SIMD kernels, against the JS backend, which computes each step in double precision and rounds. */
import { sizeOf, type ExpressionStep } from '@convoy/engine/kernels';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ours, reference, UNTOUCHED } from './beside-js.js';

const EXACT = ['identity', 'neg', 'abs', 'sign', 'floor', 'sqrt', 'square'] as const;
const EXACT_PAIRS = [
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
const special = [0, -0, 1, -1, 0.5, -2.5, 1e-45, -1e-40, 1e-20, 3e38, -3e38, Infinity, -Infinity, Number.NaN];

/** The same expression on both, of operands of these values. */
function both(
  steps: readonly ExpressionStep[],
  operands: readonly (readonly number[])[],
): [Float32Array, Float32Array] {
  const results = [ours, reference].map((kernels) => {
    kernels.clear();
    const inputs = operands.map((values) => kernels.view([values.length], values));
    const output = kernels.view([operands[0].length], UNTOUCHED);
    const expression = { steps, outputs: [operands.length + steps.length - 1] };
    kernels.bind('elementwise', inputs, [output], { expression }).run();
    return Float32Array.from(output.data);
  });
  return results as [Float32Array, Float32Array];
}

const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));

describe('steps that IEEE arithmetic defines have the bits of the JS backend, special values too:', () => {
  test.each(EXACT)('%s', (name) => {
    const [a, b] = both([[name, 0]], [special]);
    expect(a).toEqual(b);
  });

  test.each(EXACT_PAIRS)('%s', (name) => {
    const [a, b] = both([[name, 0, 1]], [pairs.map(([x]) => x), pairs.map(([, y]) => y)]);
    expect(a).toEqual(b);
  });

  test.each(['max', 'min'] as const)('%s with a constant on either side', (name) => {
    for (const limit of special) {
      for (const sides of [
        [0, 1],
        [1, 0],
      ]) {
        const steps: ExpressionStep[] = [
          ['constant', limit],
          [name, ...sides],
        ];
        const [a, b] = both(steps, [special]);
        expect(a, `${name} ${limit}`).toEqual(b);
      }
    }
  });

  test('select', () => {
    const [a, b] = both([['select', 0, 1, 2]], [special, special.map((_, i) => i), special.map((_, i) => -i)]);
    expect(a).toEqual(b);
  });
});

describe('functions are as good as float32 is:', () => {
  const values = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 23);
  const positive = values.map((x) => Math.exp(x));
  const functions: Readonly<Record<string, readonly number[]>> = {
    exp: values,
    log: positive,
    log1p: positive.map((x) => x - 0.999),
    tanh: values.map((x) => x / 10),
    sin: values,
    cos: values,
  };
  test.each(Object.entries(functions))('%s within 4 units in the last place', (name, at) => {
    const [a, b] = both([[name, 0] as ExpressionStep], [at]);
    a.forEach((value, i) => {
      const unit = Math.max(Math.abs(b[i]) * 2 ** -23, 2 ** -149);
      // Near a zero of sine and cosine the reduction of the argument counts.
      const room = name === 'sin' || name === 'cos' ? 2 ** -24 : 0;
      if (Number.isNaN(b[i])) expect(value).toBeNaN();
      else if (!Number.isFinite(b[i])) expect(value).toBe(b[i]);
      else expect(Math.abs(value - b[i]), `${name}(${at[i]})`).toBeLessThanOrEqual(4 * unit + room);
    });
  });

  test.each(['exp', 'log', 'log1p', 'tanh'])('%s of special values', (name) => {
    const at = special.map(Math.fround);
    const [a, b] = both([[name, 0] as ExpressionStep], [at]);
    a.forEach((value, i) => {
      if (Number.isFinite(b[i]))
        expect(Math.abs(value - b[i]), `${name}(${at[i]})`).toBeLessThanOrEqual(2e-7 * Math.max(1, Math.abs(b[i])));
      else expect(value, `${name}(${at[i]})`).toBe(b[i]);
    });
  });

  test('the sign of zero stays', () => {
    for (const name of ['sin', 'tanh', 'log1p'] as const) expect([...both([[name, 0]], [[0, -0]])[0]]).toEqual([0, -0]);
  });

  test.each(['sin', 'cos'] as const)('%s of arguments of any size, and NaN of what is infinite', (name) => {
    const sizes = Array.from({ length: 2000 }, (_, i) => Math.fround(2 ** (i / 16) * (1 + (i % 7) / 9)));
    const at = [...sizes, ...sizes.map((x) => -x)].filter(Number.isFinite);
    const [a, b] = both([[name, 0]], [at]);
    // Rounded once from double precision: beside a tie, the other neighbour.
    a.forEach((value, i) =>
      expect(Math.abs(value - b[i]), `${name}(${at[i]})`).toBeLessThanOrEqual(2 ** -23 * Math.abs(b[i])),
    );
    expect([...both([[name, 0]], [[Infinity, -Infinity, Number.NaN]])[0]]).toEqual([NaN, NaN, NaN]);
  });

  test('pow, as Math.pow, for all pairs of special values', () => {
    const bases = [...special, 2, -2, -3, 10];
    const exponents = [...special, 2, 3, -3];
    const all = bases.flatMap((x) => exponents.map((y) => [x, y] as const));
    const [a, b] = both([['pow', 0, 1]], [all.map(([x]) => x), all.map(([, y]) => y)]);
    a.forEach((value, i) => {
      if (Number.isFinite(b[i]))
        expect(value, String(all[i])).toBeCloseTo(b[i], 4 - Math.ceil(Math.log10(1 + Math.abs(b[i]))));
      else expect(value, String(all[i])).toBe(b[i]);
    });
  });
});

test('operands that are broadcast, batches with fewer examples, and integers give the bits of the JS backend', () => {
  const axis = fc.integer({ min: 1, max: 6 });
  const shapes = fc.array(axis, { minLength: 1, maxLength: 4 }).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      // Leading axes may be missing, others be 1.
      operands: fc.array(
        fc.record({
          from: fc.integer({ min: 0, max: shape.length }),
          ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
          integers: fc.boolean(),
        }),
        { minLength: 2, maxLength: 2 },
      ),
      examples: fc.integer({ min: 0, max: shape[0] }),
    }),
  );
  fc.assert(
    fc.property(shapes, ({ shape, operands, examples }) => {
      const results = [ours, reference].map((kernels) => {
        kernels.clear();
        const inputs = operands.map(({ from, ones, integers }, i) => {
          const own = shape.slice(from).map((length, j) => (ones[j] ? 1 : length));
          const size = sizeOf(own);
          const values = Array.from({ length: size }, (_, j) => (integers ? j * 3 - 7 : Math.sin(j * 12.9 + i)));
          return kernels.view(own, values, false, integers);
        });
        const output = kernels.view(shape, UNTOUCHED, true);
        const steps: ExpressionStep[] = [
          ['mul', 0, 1],
          ['constant', 0.3],
          ['add', 2, 3],
          ['max', 4, 0],
          ['step'],
          ['add', 5, 6],
        ];
        kernels
          .bind('elementwise', inputs, [output], { expression: { steps, outputs: [7] } })
          .run({ examples, step: 3 });
        return Array.from(output.data);
      });
      expect(results[0]).toEqual(results[1]);
    }),
  );
});

test('an element has the same bits wherever a range begins', () => {
  const values = Array.from({ length: 67 }, (_, i) => Math.sin(i) * 3);
  const steps: ExpressionStep[] = [
    ['exp', 0],
    ['tanh', 1],
    ['mul', 2, 0],
  ];
  const computed = (cuts: readonly number[]): number[] => {
    ours.clear();
    const [input, output] = [ours.view([67], values), ours.view([67], UNTOUCHED)];
    cuts.slice(1).forEach((end, i) => {
      ours.bind('elementwise', [input], [output], { expression: { steps, outputs: [3] } }).run({ begin: cuts[i], end });
    });
    return Array.from(output.data);
  };
  const whole = computed([0, 67]);
  for (const cuts of [
    [0, 16, 67],
    [0, 1, 2, 3, 4, 5, 67],
    [0, 33, 66, 67],
  ])
    expect(computed(cuts)).toEqual(whole);
});

describe('a call that the engine splits computes its range and nothing else', () => {
  test.each([[[64]], [[8, 8]], [[64, 1]], [[1, 64]], [[1, 1, 8, 8]], [[2, 2, 1, 16]], [[4, 1, 16]]])(
    '[%s]',
    (shape) => {
      ours.clear();
      const x = ours.view(
        shape,
        Array.from({ length: 64 }, (_, i) => i),
      );
      const output = ours.view(shape, UNTOUCHED);
      const expression = { steps: [['add', 0, 1]] as ExpressionStep[], outputs: [2] };
      ours.bind('elementwise', [x, ours.view([], [0.5])], [output], { expression }).run({ begin: 16, end: 33 });
      // What was never written holds 7.
      expect([...output.data]).toEqual(Array.from({ length: 64 }, (_, i) => (i >= 16 && i < 33 ? i + 0.5 : 7)));
    },
  );

  test('and one that it does not split, for an operand has another shape, computes everything', () => {
    ours.clear();
    const output = ours.view([1, 8], UNTOUCHED);
    const expression = { steps: [['neg', 0]] as ExpressionStep[], outputs: [1] };
    ours
      .bind('elementwise', [ours.view([8], [1, 2, 3, 4, 5, 6, 7, 8])], [output], { expression })
      .run({ begin: 0, end: 1 });
    expect([...output.data]).toEqual([-1, -2, -3, -4, -5, -6, -7, -8]);
  });
});

test('integers that are only passed on keep more than 24 bits', () => {
  ours.clear();
  const labels = [2 ** 24 + 1, -(2 ** 24) - 3, 2 ** 31 - 1, 3, -1];
  const output = ours.view([5], UNTOUCHED, false, true);
  const expression = { steps: [['identity', 0]] as ExpressionStep[], outputs: [1] };
  ours.bind('elementwise', [ours.view([5], labels, false, true)], [output], { expression }).run();
  expect([...output.data]).toEqual(labels);
});
