/** Some rows of a product of a transposed matrix: the sum runs down a long batch, and others compute the other rows. */
import { columnsThroughBlock, HEAD } from './gemm';
import { packPanels } from './pack';
import { COLUMNS, tilesOverPixels } from './tiles';

/** Terms of the sums that are worked on at a time: a panel of A and one of B take 16 KiB of the first-level cache. */
const DEPTH: i32 = 128;

/**
 * Rows [first, end) of c [rows][columns] = aᵀ · b, with a [depth][rows] and b [depth][columns]. Both are packed: columns of a lie as
 * far apart as the matrix is wide, often a multiple of the distance at which addresses share a set of the cache. Scratch is that of `gemm`.
 */
export function gemmRows(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  first: i32,
  end: i32,
  scratch: usize,
): void {
  // A block of 16 × 16, the panel of A, the panels of B.
  const panelA = scratch + <usize>COLUMNS * 64;
  const panelsB = scratch + HEAD;
  const aBytes = (<usize>rows) << 2;
  const cBytes = (<usize>columns) << 2;
  if (depth == 0) memory.fill(c + <usize>first * cBytes, 0, <usize>(end - first) * cBytes);
  for (let k = 0; k < depth; k += DEPTH) {
    const length = min(DEPTH, depth - k);
    const panelBytes = (<usize>length) << 6;
    packPanels(b + <usize>k * cBytes, length, columns, cBytes, panelsB, panelBytes);
    for (let i = first; i < end; i += COLUMNS) {
      const count = min(COLUMNS, end - i);
      packPanels(a + <usize>k * aBytes + ((<usize>i) << 2), length, count, aBytes, panelA, panelBytes);
      for (let j = 0; j < columns; j += COLUMNS) {
        const panel = panelsB + <usize>(j >> 4) * panelBytes;
        const width = min(COLUMNS, columns - j);
        const to = c + <usize>i * cBytes + ((<usize>j) << 2);
        if (count == COLUMNS && width == COLUMNS) {
          tilesOverPixels(panelA, 64, 0, 1, length, panel, to, cBytes, COLUMNS, k > 0);
        } else columnsThroughBlock(panelA, 64, length, panel, to, cBytes, count, k > 0, width, scratch);
      }
    }
  }
}
