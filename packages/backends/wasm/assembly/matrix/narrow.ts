/** Tiles at the right edge of a matrix: computed whole in scratch, of which the columns that exist are copied. */
import { COLUMNS, tile2x16, tileOverPixels } from './tiles';

/** Bytes of a tile in scratch. */
export const TILE_BYTES: usize = 128;

/** `tile2x16` for the first `width` columns. */
export function part2x16(
  a0: usize,
  a1: usize,
  offsets: usize,
  taps: i32,
  run: i32,
  b: usize,
  c0: usize,
  c1: usize,
  adds: bool,
  width: i32,
  tile: usize,
): void {
  if (width == COLUMNS) {
    tile2x16(a0, a1, offsets, taps, run, b, c0, c1, adds);
    return;
  }
  if (adds) loadNarrow(tile, c0, c1, width);
  tile2x16(a0, a1, offsets, taps, run, b, tile, tile + 64, adds);
  storeNarrow(tile, c0, c1, width);
}

/** `tileOverPixels` for the first `width` columns. */
export function partOverPixels(
  a: usize,
  aStep: usize,
  aRow: usize,
  rows: i32,
  length: i32,
  b: usize,
  c0: usize,
  c1: usize,
  adds: bool,
  width: i32,
  tile: usize,
): void {
  if (width == COLUMNS) {
    tileOverPixels(a, aStep, aRow, rows, length, b, c0, c1, adds);
    return;
  }
  if (adds) loadNarrow(tile, c0, c1, width);
  tileOverPixels(a, aStep, aRow, rows, length, b, tile, tile + 64, adds);
  storeNarrow(tile, c0, c1, width);
}

/** Copies the first `width` columns of a tile to two rows of a matrix. */
export function storeNarrow(tile: usize, c0: usize, c1: usize, width: i32): void {
  for (let j = 0; j < width; j++) {
    const at = (<usize>j) << 2;
    store<f32>(c0 + at, load<f32>(tile + at));
    store<f32>(c1 + at, load<f32>(tile + at, 64));
  }
}

function loadNarrow(tile: usize, c0: usize, c1: usize, width: i32): void {
  for (let j = 0; j < width; j++) {
    const at = (<usize>j) << 2;
    store<f32>(tile + at, load<f32>(c0 + at));
    store<f32>(tile + at, load<f32>(c1 + at), 64);
  }
}
