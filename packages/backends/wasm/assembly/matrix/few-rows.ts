/** A product of few rows, such as a dense layer on a shard: packing b would take about as long. */
import { finishPlaces, productOfRows, setPlace } from './rows';
import { COLUMNS } from './tiles';

/** From so many rows on packing pays. */
const FEW: i32 = 32;
/** Bytes of b that are worked on at a time: they stay in the first-level cache. */
const BLOCK: i32 = 16384;
/** With fewer rows of b at a time, loading and storing the sums takes too long. */
const SHORTEST: i32 = 16;

export function takesFewRows(rows: i32, columns: i32): bool {
  return rows < FEW && depthOf(columns) >= SHORTEST;
}

/**
 * c [rows][columns] = a [rows][depth] · b [depth][columns]. b is read where it lies, once and from front to back, so that a large one is
 * fetched ahead of the work. Sums have the order of a packed product. Scratch is that of `gemm`.
 */
export function productOfFewRows(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  scratch: usize,
): void {
  const table = scratch + 16;
  store<i32>(scratch, 0);
  const aBytes = (<usize>depth) << 2;
  const rowBytes = (<usize>columns) << 2;
  for (let row = 0; row < rows; row++) setPlace(table, row, <usize>row * aBytes, <usize>row * rowBytes);
  finishPlaces(table, rows);
  const most = depthOf(columns);
  for (let k = 0; k < depth; k += most) {
    const length = min(most, depth - k);
    const ak = a + ((<usize>k) << 2);
    const bk = b + <usize>k * rowBytes;
    for (let j = 0; j < columns; j += COLUMNS) {
      const at = (<usize>j) << 2;
      // Columns that are not there are the next row's, or what follows b.
      productOfRows(table, rows, ak, c + at, scratch, 1, length, bk + at, rowBytes, k > 0, min(COLUMNS, columns - j));
    }
  }
}

/** Rows of b that are worked on at a time. */
function depthOf(columns: i32): i32 {
  return BLOCK / max(4, columns << 2);
}
