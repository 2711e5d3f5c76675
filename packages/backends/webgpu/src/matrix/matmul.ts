import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { tiledProduct } from './tiled-product.js';

interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** y = A · B of the operands as matrices of all axes but the last. */
export const matmul = defineDeviceKernel<MatmulAttributes>({
  plan(call) {
    const { transposeA, transposeB } = call.attributes;
    const [a, b] = call.inputs as [Operand, Operand];
    const [result] = call.outputs as [Operand];
    const aColumns = a.shape.at(-1) as number;
    const bColumns = b.shape.at(-1) as number;
    const rows = { count: rowsPerExample(a), batched: a.batched };
    const columns = { count: aColumns, batched: false };
    return tiledProduct(
      {
        reads: { a, b },
        result,
        params: { a_columns: aColumns, b_columns: bColumns },
        m: transposeA ? columns : rows,
        n: result.shape.at(-1) as number,
        k: transposeA ? rows : columns,
        batch: a.shape[0],
        aRow: `return vec4<u32>(m${transposeA ? '' : ' * p.a_columns'}, 0u, 0u, 0u);`,
        aColumn: `return vec4<u32>(k${transposeA ? ' * p.a_columns' : ''}, 0u, 0u, 0u);`,
        a: 'return a_at(row.x + column.x);',
        aAlongM: transposeA,
        bRow: `return k${transposeB ? '' : ' * p.b_columns'};`,
        bStride: transposeB ? 'p.b_columns' : '1u',
        bAlongK: transposeB,
        at: 'm * p.n + n',
      },
      call,
    );
  },
});

/** Rows of the matrix that one example holds, or of the whole where there are no examples. */
function rowsPerExample({ shape, batched }: Operand): number {
  return shape.slice(batched ? 1 : 0, -1).reduce((product, n) => product * n, 1);
}
