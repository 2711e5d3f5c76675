import { defineKernel, rows, sizeOf, threefry2x32, type View } from '@convoy/engine/kernels';

/**
 * Uniform in [0, 1) with 24 bits. Element e of example n at a step is a word of the block with counter
 * (n · ⌈E/2⌉ + ⌊e/2⌋, step): the same whichever thread draws it, and however the batch is cut.
 */
export const randomUniform = defineKernel<{ key: readonly [number, number] }>({
  bind({ outputs, attributes: { key } }) {
    const [y] = outputs as [View];
    const size = sizeOf(y.shape);
    const perRow = y.batched ? size / y.shape[0] : size;
    const blocks = Math.ceil(perRow / 2);
    const words = new Uint32Array(2);
    return (run) => {
      const n = y.batched ? rows(y, run) : 1;
      const first = y.batched ? run.firstExample : 0;
      for (let row = 0; row < n; row++) {
        for (let block = 0; block < blocks; block++) {
          threefry2x32(key[0], key[1], (first + row) * blocks + block, run.step, words);
          const at = row * perRow + 2 * block;
          y.data[at] = (words[0] >>> 8) * 2 ** -24;
          if (2 * block + 1 < perRow) y.data[at + 1] = (words[1] >>> 8) * 2 ** -24;
        }
      }
    };
  },
});
