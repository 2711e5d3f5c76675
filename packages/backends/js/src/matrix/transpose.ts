import { defineKernel, rows, sizeOf, stridesOf, type View } from '@convoy/engine/kernels';

/** Axis j of y is axis permutation[j] of x. */
export const transpose = defineKernel<{ permutation: readonly number[] }>({
  bind({ inputs, outputs, attributes: { permutation } }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const strides = stridesOf(x.shape);
    const steps = permutation.map((axis) => strides[axis]);
    const inner = y.shape.slice(1);
    const perRow = sizeOf(inner);
    // Where each element of a row of y comes from, relative to the row's first element of x.
    const offsets = Int32Array.from({ length: perRow }, (_, i) => {
      let rest = i;
      let offset = 0;
      for (let axis = inner.length - 1; axis >= 0; axis--) {
        const length = inner[axis];
        offset += (rest % length) * steps[axis + 1];
        rest = Math.floor(rest / length);
      }
      return offset;
    });
    return (run) => {
      const n = rows(y, run);
      for (let row = 0; row < n; row++) {
        const from = row * (steps[0] ?? 0);
        for (let i = 0; i < perRow; i++) y.data[row * perRow + i] = x.data[from + offsets[i]];
      }
    };
  },
});
