/** Products of row-major matrices, blocked for the caches. */
import { copyRows } from './copy-rows';
import { NARROW, narrowTilesOverPixels } from './narrow-tiles';
import { packPanels, packTransposed, paddedColumns } from './pack';
import { BLOCK_ROWS, finishPlaces, productOfRows, ROWS_SCRATCH, setPlace } from './rows';
import { productOfFewRows, takesFewRows } from './few-rows';
import { COLUMNS, PANEL_ROW, tilesOverPixels } from './tiles';
import { tile2x4OfRows } from './transposed-tile';

/** Rows of B that are worked on at a time: a packed panel of them takes 16 KiB of the first-level cache. */
const DEPTH: i32 = 256;
/** Scratch begins with an offset of 0 and the tables and block of `productOfRows`, of which each way uses what it needs. */
export const HEAD: usize = 16 + ROWS_SCRATCH;

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
  else if (takesFewRows(rows, columns)) productOfFewRows(a, b, c, rows, depth, columns, scratch);
  else gemmOfPanels(a, b, c, rows, depth, columns, scratch);
}

/** A·B: B is packed block by block. */
function gemmOfPanels(a: usize, b: usize, c: usize, rows: i32, depth: i32, columns: i32, scratch: usize): void {
  const table = scratch + 16;
  const packed = scratch + HEAD;
  store<i32>(scratch, 0);
  const aBytes = (<usize>depth) << 2;
  const cBytes = (<usize>columns) << 2;
  for (let k = 0; k < depth; k += DEPTH) {
    const length = min(DEPTH, depth - k);
    const panelBytes = (<usize>length) << 6;
    packPanels(b + <usize>k * cBytes, length, columns, cBytes, packed, panelBytes);
    for (let i = 0; i < rows; i += BLOCK_ROWS) {
      const count = min(BLOCK_ROWS, rows - i);
      for (let row = 0; row < count; row++) setPlace(table, row, <usize>row * aBytes, <usize>row * cBytes);
      finishPlaces(table, count);
      const from = a + <usize>i * aBytes + ((<usize>k) << 2);
      for (let j = 0; j < columns; j += COLUMNS) {
        const to = c + <usize>i * cBytes + ((<usize>j) << 2);
        const panel = packed + <usize>(j >> 4) * panelBytes;
        productOfRows(table, count, from, to, scratch, 1, length, panel, PANEL_ROW, k > 0, min(COLUMNS, columns - j));
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
        tile2x4OfRows(a0, a1, b0, b1, b2, b3, depth, scratch, scratch + 16);
        for (let l = 0; l < width; l++) {
          const at = (<usize>l) << 2;
          store<f32>(c0 + at, load<f32>(scratch + at));
          store<f32>(c1 + at, load<f32>(scratch + at, 16));
        }
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
      const whole = width == COLUMNS ? rows & ~1 : 0;
      const cj = c + ((<usize>j) << 2);
      tilesOverPixels(ak, aBytes, 0, 1, length, panel, cj, cBytes, whole, k > 0);
      for (let i = whole; i < rows; i += BLOCK_ROWS) {
        const count = min(BLOCK_ROWS, rows - i);
        const ai = ak + ((<usize>i) << 2);
        columnsThroughBlock(ai, aBytes, length, panel, cj + <usize>i * cBytes, cBytes, count, k > 0, width, scratch);
      }
    }
  }
}

/** Rows and columns that fill no tile are computed whole in scratch, of which those that exist are copied. */
export function columnsThroughBlock(
  a: usize,
  aBytes: usize,
  length: i32,
  panel: usize,
  c: usize,
  cBytes: usize,
  rows: i32,
  adds: bool,
  width: i32,
  block: usize,
): void {
  if (adds) copyRows(c, cBytes, block, 64, rows, width);
  if (width <= NARROW) narrowTilesOverPixels(a, aBytes, 0, 1, length, panel, block, 64, (rows + 3) & ~3, adds);
  else tilesOverPixels(a, aBytes, 0, 1, length, panel, block, 64, (rows + 1) & ~1, adds);
  copyRows(block, 64, c, cBytes, rows, width);
}
