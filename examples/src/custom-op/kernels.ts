import { defineKernels, rows, type Kernel } from '@convoy/engine/kernels';

/** Deep is [.., H, W, block, block · C], wide [.., H, block, W, block · C]: runs of block · C values move whole. */
const rearrangement = (toWide: boolean): Kernel<{ block: number }> => ({
  bind({ inputs: [x], outputs: [y], attributes: { block } }) {
    const [, height, width, depth] = (toWide ? x : y).shape;
    const length = depth / block;
    return (run) => {
      const runs = rows(x, run) * height * width * block;
      for (let deep = 0; deep < runs; deep++) {
        const [row, column] = [Math.floor(deep / (width * block)), Math.floor(deep / block) % width];
        const wide = (row * block + (deep % block)) * width + column;
        const [from, to] = toWide ? [deep, wide] : [wide, deep];
        y.data.set(x.data.subarray(from * length, (from + 1) * length), to * length);
      }
    };
  },
});

export default defineKernels(() => ({ depthToSpace: rearrangement(true), spaceToDepth: rearrangement(false) }));
