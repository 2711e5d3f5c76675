import { defineInitializer, type InitializerFactory } from '../../define/initializer.js';
import { checkNumber } from '../../define/plugin/options.js';
import { formatShape, sizeOf } from '../../define/op/shape.js';
import { ValueError } from '../../errors.js';

/**
 * Saxe et al. 2014: `gain` (default 1) times an orthogonal matrix, drawn evenly from all of them. The shape is taken as
 * the matrix of all axes but the last and the last; the shorter side is a set of orthonormal vectors.
 */
export const orthogonal: InitializerFactory<{ gain?: number }> = defineInitializer<{ gain?: number }>(
  'orthogonal',
  ({ gain = 1 }) => {
    checkNumber('gain', gain, 'a finite number');
    return ({ shape, random }) => {
      if (shape.length < 2) {
        throw new ValueError(`needs rank 2 or more, got ${formatShape(shape)}`, 'RANK');
      }
      const columns = shape.at(-1) as number;
      const rows = sizeOf(shape) / columns;
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
      const vectors = Array.from({ length: count }, (_, v) =>
        Float64Array.from({ length }, (__, i) => random.normal(v * length + i)),
      );
      orthonormalize(vectors);
      const at =
        rows >= columns ? (r: number, c: number) => vectors[c]?.[r] : (r: number, c: number) => vectors[r]?.[c];
      return Float32Array.from(
        { length: rows * columns },
        (_, i) => gain * (at(Math.floor(i / columns), i % columns) ?? 0),
      );
    };
  },
  ['gain'],
);

/**
 * Gram and Schmidt's method, each vector twice, so that rounding does not leave it slanted. Of normal vectors it gives
 * an evenly drawn orthogonal matrix: the diagonal of the triangular factor is positive.
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, v) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let u = 0; u < v; u++) {
        const other = vectors[u] as Float64Array;
        addScaled(vector, other, -dot(vector, other));
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / length;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + factor * (b[i] as number);
}
