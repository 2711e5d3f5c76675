import { mul, reduceSum, regularizers, ValueError, type RegularizerOption, type SymbolicTensor } from '@convoy/engine';
import { conv2d } from '@convoy/conv2d';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { expectClose, squares, wave } from './numbers.js';

const engine = await engineOfFile();
const SHAPE = { height: 2, width: 3, channels: 2, filters: 4 };
const kernel = wave(48);
const absolutes = kernel.reduce((sum, w) => sum + Math.abs(w), 0);

function penalty(kernelRegularizer: RegularizerOption, values: ArrayLike<number> = kernel): number {
  const { height, width, channels, filters } = SHAPE;
  const layer = conv2d({ filters, kernelSize: [height, width], useBias: false, kernelRegularizer });
  engine.bind(layer).build([null, 5, 5, channels]);
  layer.setWeights([values]);
  return engine.compute(layer.losses[0] as SymbolicTensor).dataSync()[0];
}

/** Mean of |cosine| over all ordered pairs of vectors. */
function meanCosine(vectors: readonly (readonly number[])[]): number {
  const cosine = (a: readonly number[], b: readonly number[]): number =>
    Math.abs(a.reduce((sum, v, i) => sum + v * b[i], 0)) / Math.sqrt(squares(a) * squares(b));
  const pairs = vectors.flatMap((a, i) => vectors.filter((_, j) => i !== j).map((b) => cosine(a, b)));
  return pairs.reduce((sum, c) => sum + c, 0) / pairs.length;
}

describe('Regularizers', () => {
  test('l1 is l1 · Σ|w|', () => {
    expectClose([penalty('l1')], [0.01 * absolutes]);
    expectClose([penalty(regularizers.l1({ l1: 0.3 }))], [0.3 * absolutes]);
  });

  test('l2 is l2 · Σw², without a half', () => {
    expectClose([penalty('l2')], [0.01 * squares(kernel)]);
    expectClose([penalty(regularizers.l2({ l2: 0.3 }))], [0.3 * squares(kernel)]);
  });

  test('l1l2 is the sum of both', () => {
    expectClose([penalty('l1l2')], [0.01 * absolutes + 0.01 * squares(kernel)]);
    expectClose([penalty(regularizers.l1l2({ l1: 0.3, l2: 0 }))], [0.3 * absolutes]);
  });

  test('orthogonal is the factor times the mean of |cosine| over all pairs of filters, or of rows', () => {
    const columns = [0, 1, 2, 3].map((k) => [...kernel].filter((_, i) => i % 4 === k));
    const rows = Array.from({ length: 12 }, (_, r) => Array.from(kernel.subarray(4 * r, 4 * r + 4)));
    expectClose([penalty('orthogonal')], [0.01 * meanCosine(columns)]);
    expectClose([penalty(regularizers.orthogonal({ factor: 2, mode: 'rows' }))], [2 * meanCosine(rows)]);
    const apart = Array.from({ length: 48 }, (_, i) => (Math.floor(i / 4) === i % 4 ? 3 : 0));
    expect(penalty('orthogonal', apart)).toBeCloseTo(0, 7);
  });

  test('a user function in ops is a regularizer', () => {
    expectClose([penalty((w) => mul(reduceSum(w), 2))], [2 * kernel.reduce((a, b) => a + b, 0)]);
  });

  test('options of regularizers are checked when they are made', () => {
    const refused: [() => unknown, RegExp][] = [
      [() => regularizers.l1({ l1: -1 }), /^regularizer 'l1': l1 must be a number >= 0, got the number -1$/],
      [() => regularizers.l2({ l2: Number.NaN }), /^regularizer 'l2': l2 must be a number >= 0, got the number NaN$/],
      [
        () => regularizers.l1l2({ l2: Infinity }),
        /^regularizer 'l1l2': l2 must be a number >= 0, got the number Infinity$/,
      ],
      [
        () => regularizers.orthogonal({ mode: untyped('diagonal') }),
        /^regularizer 'orthogonal': mode must be 'columns' or 'rows', got the string 'diagonal'$/,
      ],
    ];
    for (const [attempt, message] of refused) expectError(attempt, ValueError, message);
    expect(() => regularizers.l2(untyped({ l1: 1 }))).toThrow(/^l2: unknown option 'l1'\. Did you mean 'l2'\?/);
  });
});
