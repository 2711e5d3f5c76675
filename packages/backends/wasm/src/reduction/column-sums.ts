import { rowSize, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { ReductionExports } from './exports.js';

/** Adds examples [first, end) of a batch with so many. Examples come in order, and each of them once. */
export type ColumnSums = (first: number, end: number, examples: number) => void;

/**
 * y[column] = Σ over all other axes of x, a batch. Each example is summed by itself and examples are added up in order, so the bits are the
 * same whether an example is added as soon as it is there or all are at the end. Where that would be a row or a column for each
 * example, all of them are summed as one, with the last.
 */
export function columnSums({ reduceSum, sumColumns }: ReductionExports, x: View, y: View): ColumnSums {
  const [from, to] = [addressOf(x.data), addressOf(y.data)];
  const columns = x.shape.at(-1) as number;
  const elements = rowSize(x);
  const rows = columns === 0 ? 0 : elements / columns;
  if (rows <= 1 || columns === 1) {
    return (_, end, examples) => {
      if (end === examples) reduceSum(from, to, 1, examples * rows, columns);
    };
  }
  return (first, end) => {
    for (let example = first; example < end; example++) {
      sumColumns(from + 4 * elements * example, to, rows, columns, example > 0 ? 1 : 0);
    }
  };
}
