import { conv2d } from '@convoy/conv2d';
import {
  constraints,
  max,
  mul,
  reduceSum,
  ValueError,
  type ConstraintOption,
  type SymbolicTensor,
} from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { engineOfFile, freshEngine } from './engine-for-tests.js';
import { expectError, expectRejection, untyped } from './expect-error.js';
import { projected } from './held-variable.js';
import { expectClose, wave } from './numbers.js';
import { trainOneStep } from './one-step.js';
import { normsOver } from './vector-norms.js';

const engine = await engineOfFile();
const KERNEL = [3, 3, 2, 4];
const kernel = wave(72).map((v) => 2 * v);
const filterNorms = normsOver(kernel, KERNEL, [0, 1, 2]);
const clip = (n: number, low: number, high: number): number => Math.min(Math.max(n, low), high);

const project = (constraint: ConstraintOption, values: ArrayLike<number> = kernel, shape: readonly number[] = KERNEL) =>
  projected(engine, constraint, values, shape);

/** Expects w · wanted(n) / n, with n the norm of each vector over the axes. */
async function expectNorms(
  constraint: ConstraintOption,
  axes: readonly number[],
  wanted: (norm: number) => number,
  shape: readonly number[] = KERNEL,
): Promise<void> {
  const values = kernel.slice(
    0,
    shape.reduce((a, b) => a * b),
  );
  const norms = normsOver(values, shape, axes);
  const expected = Array.from(values, (w, i) => (w * wanted(norms[i])) / norms[i]);
  expectClose(await project(constraint, values, shape), expected, 1e-6);
}

describe('Constraints', () => {
  test('maxNorm scales vectors that are longer than maxValue down to it', async () => {
    expect(Math.min(...filterNorms)).toBeGreaterThan(4);
    await expectNorms(constraints.maxNorm({ maxValue: 1.5 }), [0, 1, 2], () => 1.5);
    await expectNorms('maxNorm', [0, 1, 2], (n) => clip(n, 0, 2));
    expect(new Set(await project(constraints.maxNorm({ maxValue: 0 })))).toEqual(new Set([0]));
  });

  test('unitNorm makes every vector one long', async () => {
    await expectNorms('unitNorm', [0, 1, 2], () => 1);
  });

  test('nonNeg makes negative values zero and keeps the others', async () => {
    expect(await project('nonNeg')).toEqual(kernel.map((w) => Math.max(w, 0)));
  });

  test('minMaxNorm brings norms into the interval, or a share of the way there', async () => {
    await expectNorms(constraints.minMaxNorm({ minValue: 8, maxValue: 9 }), [0, 1, 2], (n) => clip(n, 8, 9));
    await expectNorms('minMaxNorm', [0, 1, 2], () => 1);
    const partly = constraints.minMaxNorm({ minValue: 1, maxValue: 2, rate: 0.25 });
    await expectNorms(partly, [0, 1, 2], (n) => 0.25 * 2 + 0.75 * n);
  });

  test('radial makes every ring around the middle of a window its mean', async () => {
    const filter = [1, 2, 3, 4, 100, 5, 6, 7, 8];
    expectClose(await project('radial', filter, [3, 3, 1, 1]), [4.5, 4.5, 4.5, 4.5, 100, 4.5, 4.5, 4.5, 4.5]);
    const even = Array.from({ length: 16 }, (_, i) => i);
    const [outer, inner] = [7.5, 7.5];
    expectClose(
      await project('radial', even, [4, 4, 1, 1]),
      even.map((_, i) => ([5, 6, 9, 10].includes(i) ? inner : outer)),
    );
    // Channels and filters have windows of their own.
    const two = await project(
      'radial',
      filter.flatMap((w) => [w, -w]),
      [3, 3, 1, 2],
    );
    expectClose(
      two,
      [4.5, 4.5, 4.5, 4.5, 100, 4.5, 4.5, 4.5, 4.5].flatMap((w) => [w, -w]),
    );
    await expectRejection(
      () => project('radial', wave(6), [2, 3, 1, 1]),
      ValueError,
      /^constraint of variable '.*': constraint 'radial': needs a kernel .*, got \[2, 3, 1, 1\]$/,
    );
  });

  test('a user function in ops is a constraint', async () => {
    const ownConstraint = (w: SymbolicTensor): SymbolicTensor => max(mul(w, 0.5), -0.25);
    expectClose(
      await project(ownConstraint),
      kernel.map((w) => Math.max(w / 2, -0.25)),
    );
  });

  test('by default each filter of a kernel, each unit of a dense kernel and a bias as a whole have a norm', async () => {
    await expectNorms('unitNorm', [0, 1, 2], () => 1, [3, 3, 2, 4]);
    await expectNorms('unitNorm', [0], () => 1, [18, 4]);
    await expectNorms('unitNorm', [0], () => 1, [7]);
  });

  test("axis names the axes of a norm: Keras's 0, several, or counted from the end", async () => {
    await expectNorms(constraints.unitNorm({ axis: 0 }), [0], () => 1);
    await expectNorms(constraints.maxNorm({ axis: [0, 1, 2], maxValue: 1 }), [0, 1, 2], () => 1);
    await expectNorms(constraints.maxNorm({ axis: [-1, 2], maxValue: 0.1 }), [2, 3], () => 0.1);
    await expectNorms(constraints.minMaxNorm({ axis: [0, 1] }), [0, 1], (n) => clip(n, 0, 1));
    await expectRejection(
      () => project(constraints.unitNorm({ axis: 4 })),
      ValueError,
      /^constraint of variable '.*': constraint 'unitNorm': axis 4 is outside -4 … 3/,
    );
  });

  test('a value that satisfies its constraint is kept to the bit', async () => {
    const feasible: [string, ConstraintOption, Float32Array][] = [
      ['maxNorm', constraints.maxNorm({ maxValue: 100 }), kernel],
      ['nonNeg', 'nonNeg', kernel.map(Math.abs)],
      ['minMaxNorm', constraints.minMaxNorm({ minValue: 0.1, maxValue: 100, rate: 0.5 }), kernel],
    ];
    for (const [name, constraint, values] of feasible) expect(await project(constraint, values), name).toEqual(values);
    for (const name of ['unitNorm', 'radial', 'maxNorm', 'minMaxNorm']) {
      const once = await project(name);
      const twice = await project(name, once);
      if (name === 'radial') expectClose(twice, once, 1e-6);
      else expect(twice, name).toEqual(once);
    }
  });

  test('zero vectors stay zero', async () => {
    const values = kernel.map((w, i) => (i % 4 === 1 ? 0 : w));
    for (const constraint of [
      'maxNorm',
      'unitNorm',
      constraints.minMaxNorm({ minValue: 1, maxValue: 2, rate: 0.5 }),
      'nonNeg',
      'radial',
    ]) {
      const result = await project(constraint, values);
      expect(result.filter((_, i) => i % 4 === 1).every((w) => w === 0)).toBe(true);
      expect(result.some((w) => w !== 0)).toBe(true);
    }
  });

  test('small and large vectors are projected as all others, as long as float32 holds their squares', async () => {
    for (const scale of [1e-18, 1e18]) {
      const values = kernel.map((w) => w * scale);
      const norms = normsOver(values, KERNEL, [0, 1, 2]);
      const ofNorm = (norm: number): number[] => Array.from(values, (w, i) => (w / norms[i]) * norm);
      expectClose(await project('unitNorm', values), ofNorm(1), 1e-6);
      const interval = constraints.minMaxNorm({ minValue: 0.5, maxValue: 0.75 });
      expectClose(await project(interval, values), ofNorm(scale < 1 ? 0.5 : 0.75), 1e-6);
      expectClose(await project('maxNorm', values), scale < 1 ? values : ofNorm(2), 1e-6);
    }
  });

  test('a vector whose squares have the sum 0 in float32 stays as it is, like a zero vector', async () => {
    const isSecondFilter = (_: number, i: number): boolean => i % 4 === 1;
    const isAnother = (_: number, i: number): boolean => i % 4 !== 1;
    const interval = constraints.minMaxNorm({ minValue: 0.5, maxValue: 0.75 });
    for (const scale of [1e-24, 1e-30]) {
      const values = kernel.map((w, i) => (isSecondFilter(w, i) ? w * scale : w));
      for (const constraint of ['unitNorm', 'maxNorm', interval]) {
        const result = await project(constraint, values);
        expect(result.filter(isSecondFilter)).toEqual(values.filter(isSecondFilter));
        expect(result.filter(isAnother)).toEqual((await project(constraint)).filter(isAnother));
      }
    }
  });

  test('options of constraints are checked when they are made', () => {
    const refused: [() => unknown, RegExp][] = [
      [
        () => constraints.maxNorm({ maxValue: -1 }),
        /^constraint 'maxNorm': maxValue must be a number >= 0, got the number -1$/,
      ],
      [
        () => constraints.minMaxNorm({ minValue: 2, maxValue: 1 }),
        /^constraint 'minMaxNorm': minValue 2 is above maxValue 1$/,
      ],
      [
        () => constraints.minMaxNorm({ rate: 0 }),
        /^constraint 'minMaxNorm': rate must be a number in \(0, 1\], got the number 0$/,
      ],
      [
        () => constraints.minMaxNorm({ minValue: Number.NaN }),
        /^constraint 'minMaxNorm': minValue must be a number >= 0, got the number NaN$/,
      ],
    ];
    for (const [attempt, message] of refused) expectError(attempt, ValueError, message);
    expect(() => constraints.maxNorm(untyped({ max: 1 }))).toThrow(/unknown option 'max'/);
  });

  test('a constraint that returns no op value, or another shape, is refused', async () => {
    const train = (kernelConstraint: ConstraintOption) => async () => {
      const layer = conv2d({ filters: 1, kernelSize: 2, name: 'strict', inputShape: [2, 2, 1], kernelConstraint });
      const fresh = await freshEngine();
      await trainOneStep(fresh.sequential([layer]), { x: wave(4), y: wave(1), batchSize: 1 });
    };
    const refused =
      "constraint of variable 'strict/kernel:0': its projection for variable 'strict/kernel:0' must be a tensor in ops " +
      'of shape [2, 2, 1, 1], got ';
    await expectRejection(train(untyped(() => 3)), ValueError, `${refused}the number 3`);
    await expectRejection(train(untyped(() => undefined)), ValueError, `${refused}undefined`);
    await expectRejection(
      train((w) => reduceSum(w)),
      ValueError,
      `${refused}shape []`,
    );
    await expectRejection(
      train(untyped(constraints.nonNeg)),
      ValueError,
      /got the constraint factory 'nonNeg', which must be called: nonNeg\(\)$/,
    );
  });

  test('a variable without a gradient is neither updated nor projected', async () => {
    const fresh = await freshEngine();
    const layer = conv2d({ filters: 1, kernelSize: 1, inputShape: [1, 1, 1] });
    const idle = fresh
      .bind(layer)
      .addVariable('idle', [2], { initializer: () => Float32Array.of(-1, 1), constraint: 'nonNeg' });
    const model = fresh.sequential([layer]);
    await trainOneStep(model, { x: wave(1), y: wave(1), batchSize: 1 });
    expect(idle.dataSync()).toEqual(Float32Array.of(-1, 1));
  });

  test('an elementwise constraint is part of the update; one with a norm has phases of its own', async () => {
    const fresh = await freshEngine();
    const phases = (kernelConstraint: ConstraintOption | null): number => {
      const layer = conv2d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 1], kernelConstraint });
      const model = fresh.sequential([layer]);
      model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
      return model.explain().match(/^phase /gm)?.length ?? 0;
    };
    const plain = phases(null);
    expect(phases('nonNeg')).toBe(plain);
    expect(phases((w) => max(mul(w, 0.5), -1))).toBe(plain);
    expect(phases('maxNorm')).toBeGreaterThan(plain);
  });
});
