/** Matrices as panels of 16 columns, which the tiles read from front to back; columns beyond the matrix are 0. */
import { COLUMNS } from './tiles';
import { transposeFour } from './transpose-four';

/** `columns` and the empty ones of the last panel. */
export function paddedColumns(columns: i32): i32 {
  return (columns + COLUMNS - 1) & ~(COLUMNS - 1);
}

/**
 * Writes rows [0, rows) of a matrix to rows of its panels: [rows][columns], rows `rowBytes` apart, to [panels][…][16]. `panelBytes`
 * lie between two panels.
 */
export function packPanels(b: usize, rows: i32, columns: i32, rowBytes: usize, packed: usize, panelBytes: usize): void {
  for (let j = 0; j < columns; j += COLUMNS) {
    const width = min(COLUMNS, columns - j);
    const from = b + ((<usize>j) << 2);
    if (width == COLUMNS) packPanel(from, rows, rowBytes, packed);
    else packNarrowPanel(from, rows, width, rowBytes, packed);
    packed += panelBytes;
  }
}

function packPanel(from: usize, rows: i32, rowBytes: usize, to: usize): void {
  for (let i = 0; i < rows; i++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += rowBytes;
    to += 64;
  }
}

/** What is read beyond the columns that are there is the next row's, or follows the matrix; it is made 0. */
function packNarrowPanel(from: usize, rows: i32, width: i32, rowBytes: usize, to: usize): void {
  const mask0 = columnsBefore(width);
  const mask1 = columnsBefore(width - 4);
  const mask2 = columnsBefore(width - 8);
  const mask3 = columnsBefore(width - 12);
  for (let i = 0; i < rows; i++) {
    v128.store(to, v128.and(v128.load(from), mask0));
    v128.store(to, v128.and(v128.load(from, 16), mask1), 16);
    v128.store(to, v128.and(v128.load(from, 32), mask2), 32);
    v128.store(to, v128.and(v128.load(from, 48), mask3), 48);
    from += rowBytes;
    to += 64;
  }
}

/** All bits in the lanes before lane `width`. */
function columnsBefore(width: i32): v128 {
  return v128.lt<i32>(i32x4(0, 1, 2, 3), v128.splat<i32>(width));
}

/** As `packPanels`, of the transpose: [columns][rows], rows of it `rowBytes` apart, to [panels][…][16]. */
export function packTransposed(
  b: usize,
  rows: i32,
  columns: i32,
  rowBytes: usize,
  packed: usize,
  panelBytes: usize,
): void {
  for (let j = 0; j < columns; j += COLUMNS) {
    const width = min(COLUMNS, columns - j);
    for (let jj = 0; jj < COLUMNS; jj += 4) {
      const from = b + <usize>(j + jj) * rowBytes;
      const to = packed + ((<usize>jj) << 2);
      if (jj + 4 <= width) packFour(from, rows, rowBytes, to);
      else
        for (let l = 0; l < 4; l++) packOne(from + <usize>l * rowBytes, rows, jj + l < width, to + ((<usize>l) << 2));
    }
    packed += panelBytes;
  }
}

/** Four rows become four columns, four by four. */
function packFour(from: usize, length: i32, rowBytes: usize, to: usize): void {
  const b1 = from + rowBytes;
  const b2 = b1 + rowBytes;
  const b3 = b2 + rowBytes;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    transposeFour(from + ((<usize>i) << 2), rowBytes, to, 64);
    to += 256;
  }
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    store<f32>(to, load<f32>(from + at));
    store<f32>(to, load<f32>(b1 + at), 4);
    store<f32>(to, load<f32>(b2 + at), 8);
    store<f32>(to, load<f32>(b3 + at), 12);
    to += 64;
  }
}

function packOne(from: usize, length: i32, isThere: bool, to: usize): void {
  for (let i = 0; i < length; i++) {
    store<f32>(to, isThere ? load<f32>(from) : 0);
    from += 4;
    to += 64;
  }
}
