/**
 * Blocks of rows of a product with one packed panel, wherever the rows lie. A block's table of places has for each row the offset of a
 * and that of c, in bytes; a second table beside it leads to a block in scratch, for panels whose last columns are not there.
 */
import { NARROW, tiles4x8 } from './narrow-tiles';
import { COLUMNS, tiles2x16 } from './tiles';

/** Rows of a block. */
export const BLOCK_ROWS: i32 = 256;

/** Room for rows that are computed a second time to fill a tile. */
const TABLE_ROWS: i32 = BLOCK_ROWS + 4;
const TABLE_BYTES: usize = (<usize>TABLE_ROWS) << 3;
/** Bytes of a row of the block in scratch. */
const ROW: usize = 64;

/** Bytes of scratch: two tables, a block. */
export const ROWS_SCRATCH: usize = 2 * TABLE_BYTES + <usize>TABLE_ROWS * ROW;

/** Writes the place of a row. */
export function setPlace(scratch: usize, row: i32, a: usize, c: usize): void {
  const at = scratch + ((<usize>row) << 3);
  store<u32>(at, <u32>a);
  store<u32>(at, <u32>c, 4);
}

/** After the places of all rows of a block: the last row once more for the rest of a tile, and the table that leads to scratch. */
export function finishPlaces(scratch: usize, rows: i32): void {
  const last = scratch + ((<usize>(rows - 1)) << 3);
  for (let row = rows; row < rows + 4; row++) setPlace(scratch, row, load<u32>(last), load<u32>(last, 4));
  for (let row = 0; row < rows + 4; row++) {
    setPlace(scratch + TABLE_BYTES, row, load<u32>(scratch + ((<usize>row) << 3)), <usize>row * ROW);
  }
}

/** c_i[j] = or += Σ a_i[offset_t + l] · b[t · run + l][j] for the rows of the block and the first `width` columns of b, whose rows are `bRow` bytes apart. */
export function productOfRows(
  scratch: usize,
  rows: i32,
  a: usize,
  c: usize,
  offsets: usize,
  taps: i32,
  run: i32,
  b: usize,
  bRow: usize,
  adds: bool,
  width: i32,
): void {
  if (width == COLUMNS) {
    tiles2x16(scratch, (rows + 1) & ~1, a, c, offsets, taps, run, b, bRow, adds);
    return;
  }
  const places = scratch + TABLE_BYTES;
  const block = places + TABLE_BYTES;
  if (adds) copyColumns(scratch, rows, c, block, width, false);
  if (width <= NARROW) tiles4x8(places, (rows + 3) & ~3, a, block, offsets, taps, run, b, bRow, adds);
  else tiles2x16(places, (rows + 1) & ~1, a, block, offsets, taps, run, b, bRow, adds);
  copyColumns(scratch, rows, c, block, width, true);
}

/** The columns that are there, from the block to c or back. */
function copyColumns(places: usize, rows: i32, c: usize, block: usize, width: i32, toC: bool): void {
  for (let row = 0; row < rows; row++) {
    const at = c + <usize>load<u32>(places + ((<usize>row) << 3), 4);
    const from = toC ? block : at;
    const to = toC ? at : block;
    let j = 0;
    for (; j + 4 <= width; j += 4) v128.store(to + ((<usize>j) << 2), v128.load(from + ((<usize>j) << 2)));
    for (; j < width; j++) store<f32>(to + ((<usize>j) << 2), load<f32>(from + ((<usize>j) << 2)));
    block += ROW;
  }
}
