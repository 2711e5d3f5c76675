import {
  defineKernel,
  rows,
  sizeOf,
  type BoundKernel,
  type KernelCall,
  type Run,
  type View,
} from '@convoy/engine/kernels';

interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows of the matrix of all axes but the last. */
function rowCount(view: View, run: Run): number {
  return rows(view, run) * sizeOf(view.shape.slice(1, -1));
}

/** Computes rows [first, end) of y. */
type RowsOfProduct = (run: Run, first: number, end: number) => void;

/**
 * The sum over the inner index is kept in double precision, one row of y at a time, so that the inner loop runs along rows
 * of B and y.
 */
function productOf({ inputs, outputs, attributes }: KernelCall<MatmulAttributes>): RowsOfProduct {
  const { transposeA, transposeB } = attributes;
  const [a, b] = inputs as [View, View];
  const [y] = outputs as [View];
  const aColumns = a.shape.at(-1) as number;
  const bColumns = b.shape.at(-1) as number;
  const columns = y.shape.at(-1) as number;
  const row = new Float64Array(columns);
  return (run, first, end) => {
    const inner = transposeA ? rowCount(a, run) : aColumns;
    const aRow = transposeA ? 1 : aColumns;
    const aStep = transposeA ? aColumns : 1;
    const x = a.data;
    const w = b.data;
    for (let i = first; i < end; i++) {
      if (transposeB) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) sum += x[i * aRow + k * aStep] * w[j * bColumns + k];
          row[j] = sum;
        }
      } else {
        row.fill(0);
        for (let k = 0; k < inner; k++) {
          const value = x[i * aRow + k * aStep];
          const from = k * bColumns;
          for (let j = 0; j < columns; j++) row[j] = row[j] + value * w[from + j];
        }
      }
      for (let j = 0; j < columns; j++) y.data[i * columns + j] = row[j];
    }
  };
}

/** y = A·B of the operands as matrices of all axes but the last. */
export const matmul = defineKernel<MatmulAttributes>({
  bind(call): BoundKernel {
    const product = productOf(call);
    const [a] = call.inputs as [View, View];
    const aColumns = a.shape.at(-1) as number;
    return (run) => product(run, 0, call.attributes.transposeA ? aColumns : rowCount(a, run));
  },
  bindRows(call): BoundKernel {
    const product = productOf(call);
    const [y] = call.outputs as [View];
    const columns = y.shape.at(-1) as number;
    return (run) => {
      product(run, run.begin / columns, run.end / columns);
      for (let i = run.begin; i < run.end; i++) if (!Number.isFinite(y.data[i])) run.nonFinite = true;
    };
  },
});
