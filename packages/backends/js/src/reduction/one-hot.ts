import { defineKernel, rows, rowSize, type View } from '@convoy/engine/kernels';

/** Labels [..] to rows [.., depth] with a 1 at the label; a label that is no class leaves its row at 0. */
export const oneHot = defineKernel<{ depth: number }>({
  bind({ inputs, outputs, attributes: { depth } }) {
    const [labels] = inputs as [View];
    const [y] = outputs as [View];
    return (run) => {
      const count = labels.shape.length === 0 ? 1 : rows(labels, run) * rowSize(labels);
      y.data.fill(0, 0, count * depth);
      for (let i = 0; i < count; i++) {
        const label = labels.data[i];
        if (label >= 0 && label < depth) y.data[i * depth + label] = 1;
      }
    };
  },
});
