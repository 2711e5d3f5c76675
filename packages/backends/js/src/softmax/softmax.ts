import { defineKernel, rows, rowSize, type View } from '@convoy/engine/kernels';

/** Number of rows of the last axis that hold values in this run, as a function of the examples. */
export function vectorsPerRow(view: View): number {
  const length = view.shape.at(-1) ?? 1;
  return view.shape.length === 1 ? 1 / length : rowSize(view) / length;
}

/** eˣ / Σeˣ over the last axis, the maximum taken off first. */
export const softmax = defineKernel({
  bind({ inputs, outputs }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const length = x.shape.at(-1) ?? 1;
    const perRow = vectorsPerRow(x);
    return (run) => {
      const count = rows(x, run) * perRow;
      for (let i = 0; i < count; i++) {
        const at = i * length;
        let top = Number.NEGATIVE_INFINITY;
        for (let j = 0; j < length; j++) top = Math.max(top, x.data[at + j]);
        let sum = 0;
        for (let j = 0; j < length; j++) sum += Math.exp(x.data[at + j] - top);
        for (let j = 0; j < length; j++) y.data[at + j] = Math.exp(x.data[at + j] - top) / sum;
      }
    };
  },
});

/** dx = (dy − Σ dy·y) · y over the last axis. */
export const softmaxGradient = defineKernel({
  bind({ inputs, outputs }) {
    const [dy, y] = inputs as [View, View];
    const [dx] = outputs as [View];
    const length = y.shape.at(-1) ?? 1;
    const perRow = vectorsPerRow(y);
    return (run) => {
      const count = rows(y, run) * perRow;
      for (let i = 0; i < count; i++) {
        const at = i * length;
        let dot = 0;
        for (let j = 0; j < length; j++) dot += dy.data[at + j] * y.data[at + j];
        for (let j = 0; j < length; j++) {
          dx.data[at + j] = (dy.data[at + j] - dot) * y.data[at + j];
        }
      }
    };
  },
});
