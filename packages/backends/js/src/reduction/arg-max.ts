import { defineKernel, rows, rowSize, type View } from '@convoy/engine/kernels';

/** Index of the first maximum along the last axis. */
export const argMax = defineKernel({
  bind({ inputs, outputs }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const length = x.shape.at(-1) ?? 1;
    const perRow = x.shape.length === 1 ? 1 : rowSize(x) / length;
    return (run) => {
      const count = x.shape.length === 1 ? 1 : rows(x, run) * perRow;
      for (let i = 0; i < count; i++) {
        let best = 0;
        for (let j = 1; j < length; j++) {
          if (x.data[i * length + j] > x.data[i * length + best]) best = j;
        }
        y.data[i] = best;
      }
    };
  },
});
