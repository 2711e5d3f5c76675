import { defineKernels, rows, rowSize, type Kernel } from '@convoy/engine/kernels';

export default defineKernels(({ options }) => {
  const counts = new BigInt64Array((options as { counts: SharedArrayBuffer }).counts);
  const relu: Kernel = {
    bind({ inputs: [x], outputs: [y] }) {
      return (run) => {
        const size = rows(y, run) * rowSize(y);
        let zeros = 0;
        for (let i = 0; i < size; i++) {
          y.data[i] = Math.max(x.data[i], 0);
          if (y.data[i] === 0) zeros++;
        }
        Atomics.add(counts, 0, BigInt(size));
        Atomics.add(counts, 1, BigInt(zeros));
      };
    },
  };
  return { relu };
});
