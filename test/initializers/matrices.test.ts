import { js } from '@convoy/backend-js';
import { createEngine, initializers, ValueError, type Initializer } from '@convoy/engine';
import { flatten } from '@convoy/layers';
import { afterAll, describe, expect, test } from 'vitest';
import { expectRefusal } from '../fixtures/refusal.js';
import { distanceTo, normalCdf } from './distribution.js';

const engine = await createEngine({ backend: js(), workers: 'inline', seed: 12 });
afterAll(() => engine.dispose());

function drawn(initializer: Initializer, shape: readonly number[]): number[] {
  return [...engine.bind(flatten()).addVariable('values', shape, { initializer }).dataSync()];
}

describe('identity', () => {
  test('has its gain on the diagonal, of wide and tall matrices too', () => {
    expect(drawn(initializers.identity(), [2, 2])).toEqual([1, 0, 0, 1]);
    expect(drawn(initializers.identity({ gain: 3 }), [2, 3])).toEqual([3, 0, 0, 0, 3, 0]);
    expect(drawn(initializers.identity(), [3, 2])).toEqual([1, 0, 0, 1, 0, 0]);
  });

  test('is a matrix', () =>
    expectRefusal(() => drawn(initializers.identity(), [2, 2, 2]), {
      error: ValueError,
      code: 'RANK',
      says: ['identity', '[2, 2, 2]'],
    }));
});

describe('orthogonal', () => {
  const shapes: [shape: number[], rows: number, columns: number][] = [
    [[6, 6], 6, 6],
    [[4, 9], 4, 9],
    [[9, 4], 9, 4],
    [[3, 3, 2, 5], 18, 5],
  ];
  for (const [shape, rows, columns] of shapes) {
    test(`[${shape.join(', ')}]: the shorter side is orthonormal, times the gain`, () => {
      const values = drawn(initializers.orthogonal({ gain: 2 }), shape);
      const vectors =
        rows <= columns
          ? Array.from({ length: rows }, (_, r) => values.slice(r * columns, (r + 1) * columns))
          : Array.from({ length: columns }, (_, c) => values.filter((_value, i) => i % columns === c));
      vectors.forEach((a, i) => {
        vectors.forEach((b, j) => {
          const product = a.reduce((sum, x, k) => sum + x * b[k], 0);
          expect(product).toBeCloseTo(i === j ? 4 : 0, 5);
        });
      });
    });
  }

  test('is drawn evenly: an element of a long vector is nearly normal, of either sign', () => {
    const length = 64;
    const elements = Array.from({ length: 40 }, () => drawn(initializers.orthogonal(), [length, 4])).flat();
    const n = elements.length;
    expect(distanceTo(elements, (x) => normalCdf(x * Math.sqrt(length)))).toBeLessThan(
      1.63 / Math.sqrt(n) + 1 / length,
    );
    const determinants = Array.from({ length: 200 }, () => {
      const [a, b, c, d] = drawn(initializers.orthogonal(), [2, 2]);
      return Math.sign(a * d - b * c);
    });
    // Half of all orthogonal matrices mirror; five standard deviations of 200 fair draws.
    expect(Math.abs(determinants.reduce((sum, sign) => sum + sign, 0))).toBeLessThan(5 * Math.sqrt(200));
  });

  test('has rank 2 or more', () =>
    expectRefusal(() => drawn(initializers.orthogonal(), [4]), {
      error: ValueError,
      code: 'RANK',
      says: ['orthogonal', '[4]'],
    }));
});
