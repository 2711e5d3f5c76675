/** Products of row-major matrices, blocked for the caches. */
import { part2x16, partOverPixels, storeNarrow, TILE_BYTES } from './narrow';
import { packPanels, packTransposed, paddedColumns } from './pack';
import { COLUMNS, tile2x4OfRows } from './tiles';

/** Rows of B that are worked on at a time: a packed panel of them takes 16 KiB of the first-level cache. */
const DEPTH: i32 = 256;
/** Scratch begins with a tile and an offset. */
const HEAD: usize = TILE_BYTES + 16;

/** Floats of scratch. */
export function gemmScratch(depth: i32, columns: i32): i32 {
  return <i32>(HEAD >> 2) + min(DEPTH, depth) * paddedColumns(columns);
}

/** c [rows][columns] = a · b, with a [rows][depth] or its transpose, and b [depth][columns] or its transpose. */
export function gemm(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  transposeA: bool,
  transposeB: bool,
  scratch: usize,
): void {
  if (depth == 0) memory.fill(c, 0, (<usize>(rows * columns)) << 2);
  else if (transposeA) gemmOfColumns(a, b, c, rows, depth, columns, transposeB, scratch);
  else if (transposeB) gemmOfRows(a, b, c, rows, depth, columns, scratch);
  else gemmOfPanels(a, b, c, rows, depth, columns, scratch);
}

/** A·B: B is packed block by block. */
function gemmOfPanels(a: usize, b: usize, c: usize, rows: i32, depth: i32, columns: i32, scratch: usize): void {
  const tile = scratch;
  const offset = scratch + TILE_BYTES;
  const packed = scratch + HEAD;
  store<i32>(offset, 0);
  const aBytes = (<usize>depth) << 2;
  const cBytes = (<usize>columns) << 2;
  for (let k = 0; k < depth; k += DEPTH) {
    const length = min(DEPTH, depth - k);
    const panelBytes = (<usize>length) << 6;
    packPanels(b + <usize>k * cBytes, length, columns, cBytes, packed, panelBytes);
    for (let j = 0; j < columns; j += COLUMNS) {
      const panel = packed + <usize>(j >> 4) * panelBytes;
      const width = min(COLUMNS, columns - j);
      for (let i = 0; i < rows; i += 2) {
        const a0 = a + <usize>i * aBytes + ((<usize>k) << 2);
        const c0 = c + <usize>i * cBytes + ((<usize>j) << 2);
        const isPair = i + 1 < rows;
        // A last single row is computed twice, to the same place.
        const a1 = isPair ? a0 + aBytes : a0;
        const c1 = isPair ? c0 + cBytes : c0;
        part2x16(a0, a1, offset, 1, length, panel, c0, c1, k > 0, width, tile);
      }
    }
  }
}

/** A·Bᵀ: both are read along their rows as they are. */
function gemmOfRows(a: usize, b: usize, c: usize, rows: i32, depth: i32, columns: i32, scratch: usize): void {
  const rowBytes = (<usize>depth) << 2;
  const cBytes = (<usize>columns) << 2;
  for (let j = 0; j < columns; j += 4) {
    const width = min(4, columns - j);
    // Columns that are not there are the last one again.
    const b0 = b + <usize>j * rowBytes;
    const b1 = b + <usize>min(j + 1, columns - 1) * rowBytes;
    const b2 = b + <usize>min(j + 2, columns - 1) * rowBytes;
    const b3 = b + <usize>min(j + 3, columns - 1) * rowBytes;
    for (let i = 0; i < rows; i += 2) {
      const a0 = a + <usize>i * rowBytes;
      const c0 = c + <usize>i * cBytes + ((<usize>j) << 2);
      const isPair = i + 1 < rows;
      const a1 = isPair ? a0 + rowBytes : a0;
      const c1 = isPair ? c0 + cBytes : c0;
      if (width == 4) tile2x4OfRows(a0, a1, b0, b1, b2, b3, depth, c0, c1);
      else {
        tile2x4OfRows(a0, a1, b0, b1, b2, b3, depth, scratch, scratch + 64);
        storeNarrow(scratch, c0, c1, width);
      }
    }
  }
}

/** Aᵀ·B or Aᵀ·Bᵀ: the sum runs down the columns of A. */
function gemmOfColumns(
  a: usize,
  b: usize,
  c: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  transposeB: bool,
  scratch: usize,
): void {
  const packed = scratch + HEAD;
  const aBytes = (<usize>rows) << 2;
  const cBytes = (<usize>columns) << 2;
  for (let k = 0; k < depth; k += DEPTH) {
    const length = min(DEPTH, depth - k);
    const panelBytes = (<usize>length) << 6;
    const ak = a + <usize>k * aBytes;
    if (transposeB) packTransposed(b + ((<usize>k) << 2), length, columns, (<usize>depth) << 2, packed, panelBytes);
    else packPanels(b + <usize>k * cBytes, length, columns, cBytes, packed, panelBytes);
    for (let j = 0; j < columns; j += COLUMNS) {
      const panel = packed + <usize>(j >> 4) * panelBytes;
      const width = min(COLUMNS, columns - j);
      for (let i = 0; i < rows; i += 2) {
        const c0 = c + <usize>i * cBytes + ((<usize>j) << 2);
        const isPair = i + 1 < rows;
        // The second row of a last single one goes nowhere.
        const c1 = isPair ? c0 + cBytes : scratch + 64;
        partOverPixels(ak + ((<usize>i) << 2), aBytes, 0, 1, length, panel, c0, c1, k > 0, width, scratch);
      }
    }
  }
}
