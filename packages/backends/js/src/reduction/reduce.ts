import { defineKernel, rows, sizeOf, type Kernel, type View } from '@convoy/engine/kernels';
import type { Accumulators } from '../accumulators.js';

interface ReduceAttributes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** y[kept axes] = combination of x over `axes`; the batch axis counts the examples that are there. */
function reduceKernel(accumulators: Accumulators, initial: number, combine: (a: number, b: number) => number): Kernel {
  return defineKernel<ReduceAttributes>({
    bind({ inputs, outputs, attributes: { axes } }) {
      const [x] = inputs as [View];
      const [y] = outputs as [View];
      const offsets = resultOffsets(x, axes);
      const perRow = offsets.length;
      const rowStride = axes.includes(0) ? 0 : sizeOf(y.shape) / Math.max(1, x.shape[0] ?? 1);
      return (run) => {
        const n = rows(x, run);
        const size = rowStride === 0 ? sizeOf(y.shape) : n * rowStride;
        // Sums in double precision, rounded once.
        const total = accumulators.filled(size, initial);
        for (let row = 0; row < n; row++) {
          const from = row * perRow;
          const to = row * rowStride;
          for (let i = 0; i < perRow; i++) {
            const at = to + offsets[i];
            total[at] = combine(total[at], x.data[from + i]);
          }
        }
        for (let i = 0; i < size; i++) y.data[i] = total[i];
      };
    },
  });
}

/** For each element of one row of x, where it goes in the row of y. */
function resultOffsets(x: View, axes: readonly number[]): Int32Array {
  const shape = x.shape.length === 0 ? [1] : x.shape;
  const strides = shape.map((_, axis) =>
    axes.includes(axis) ? 0 : shape.slice(axis + 1).reduce((n, d, i) => (axes.includes(axis + 1 + i) ? n : n * d), 1),
  );
  const inner = shape.slice(1);
  const offsets = new Int32Array(sizeOf(inner));
  for (let i = 0; i < offsets.length; i++) {
    let rest = i;
    let offset = 0;
    for (let axis = inner.length - 1; axis >= 0; axis--) {
      const length = inner[axis];
      offset += (rest % length) * strides[axis + 1];
      rest = Math.floor(rest / length);
    }
    offsets[i] = offset;
  }
  return offsets;
}

export const reduceSum = (accumulators: Accumulators): Kernel => reduceKernel(accumulators, 0, (a, b) => a + b);

export const reduceMax = (accumulators: Accumulators): Kernel =>
  reduceKernel(accumulators, Number.NEGATIVE_INFINITY, Math.max);
