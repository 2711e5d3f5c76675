import { expect } from 'vitest';

/**
 * Expects |a − b| <= tolerance · max|b| of every element. Sums of float32 products err in proportion to the largest
 * terms, not to the single result.
 */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const far = expected.findIndex((value, i) => !(Math.abs(actual[i] - value) <= tolerance * largest));
  const place = `element ${far} is ${actual[far]}, expected ${expected[far]} (tolerance ${tolerance} · ${largest})`;
  expect(far, place).toBe(-1);
}
