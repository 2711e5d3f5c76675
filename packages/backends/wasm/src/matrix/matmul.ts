import { defineKernel, rows, sizeOf, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { Epilogues } from '../elementwise/epilogues.js';
import type { ReductionExports } from '../reduction/exports.js';
import type { MatrixExports } from './exports.js';

interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** y = A·B of the operands as matrices of all axes but the last. */
export function matmul(
  { gemm, gemmRows, gemmScratch, isFiniteRange }: MatrixExports & ReductionExports,
  epilogues: Epilogues,
): Kernel {
  return defineKernel<MatmulAttributes>({
    takesEpilogue: true,
    scratch({ inputs, outputs, attributes }) {
      const [a] = inputs as [View, View];
      const [y] = outputs as [View];
      const depth = attributes.transposeA ? rowsOf(a) : columnsOf(a);
      return gemmScratch(depth, columnsOf(y));
    },
    bind(call) {
      const { inputs, outputs, attributes, scratch } = call;
      const [a, b] = inputs as [View, View];
      const [y] = outputs as [View];
      const [aAt, bAt, yAt, scratchAt] = [a.data, b.data, y.data, scratch].map(addressOf);
      const [aColumns, columns] = [columnsOf(a), columnsOf(y)];
      const transposeB = attributes.transposeB ? 1 : 0;
      const perRow = rowsOf(a) / Math.max(1, a.shape[0]);
      const finish = epilogues.afterRunsOf(call);
      return (run) => {
        const aRows = rows(a, run) * perRow;
        if (attributes.transposeA) gemm(aAt, bAt, yAt, aColumns, aRows, columns, 1, transposeB, scratchAt);
        else gemm(aAt, bAt, yAt, aRows, aColumns, columns, 0, transposeB, scratchAt);
        finish(run);
      };
    },
    // A sum over the batch: A is transposed and B is not, for the batch is their first axis.
    bindRows({ inputs, outputs, scratch }) {
      const [a, b] = inputs as [View, View];
      const [y] = outputs as [View];
      const [aAt, bAt, yAt, scratchAt] = [a.data, b.data, y.data, scratch].map(addressOf);
      const [aColumns, columns] = [columnsOf(a), columnsOf(y)];
      const perRow = rowsOf(a) / Math.max(1, a.shape[0]);
      return (run) => {
        const { begin, end } = run;
        const depth = rows(a, run) * perRow;
        gemmRows(aAt, bAt, yAt, aColumns, depth, columns, begin / columns, end / columns, scratchAt);
        if (isFiniteRange(yAt, begin, end) === 0) run.nonFinite = true;
      };
    },
  });
}

/** Rows of the matrix of all axes but the last: the room for them. */
function rowsOf(view: View): number {
  return sizeOf(view.shape.slice(0, -1));
}

function columnsOf(view: View): number {
  return view.shape.at(-1) as number;
}
