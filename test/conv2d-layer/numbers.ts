import { expect } from 'vitest';

/** Values between -1 and 1 that look random and are always the same. */
export function wave(length: number, seed = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(seed * 12.9898 + (i + 1) * 78.233 * seed));
}

/** Σ a·b, in double precision. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Σ a², in double precision. */
export function squares(a: ArrayLike<number>): number {
  return dot(a, a);
}

/** Each within `tolerance`, relative to the largest of the expected. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1e-30, ...Array.from(expected, Math.abs));
  Array.from(expected).forEach((value, i) => {
    expect(Math.abs(actual[i] - value) / scale, `element ${i}: ${actual[i]}, not ${value}`).toBeLessThan(tolerance);
  });
}
