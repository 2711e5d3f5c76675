/** The sum over taps that a convolution and its input gradient share, without a matrix of windows in memory. */
import { BLOCK_ROWS, finishPlaces, productOfRows, setPlace } from '../matrix/rows';
import { COLUMNS, PANEL_ROW } from '../matrix/tiles';

/** Rows of a packed panel that are worked on at a time: 24 KiB of the first-level cache. */
const DEPTH: i32 = 384;

/**
 * y[p][q][k] = Σ image[p · imageRow + q · imageStep + offset_t + l] · packed[t · run + l][k] over taps t and l < run. Distances are
 * in bytes; the panels of `packed` are [taps · run][16]. Pixels are worked on block by block, so that their inputs stay in the
 * second-level cache. `table` has ROWS_SCRATCH bytes.
 */
export function correlate(
  image: usize,
  imageRow: usize,
  imageStep: usize,
  offsets: usize,
  taps: i32,
  run: i32,
  packed: usize,
  y: usize,
  yRow: usize,
  yStep: usize,
  rows: i32,
  columns: i32,
  filters: i32,
  table: usize,
): void {
  const depth = min(run, DEPTH);
  const tapsAtOnce = max(1, DEPTH / run);
  const panelBytes = (<usize>(taps * run)) << 6;
  const pixels = rows * columns;
  for (let first = 0; first < pixels; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, pixels - first);
    placePixels(first, count, columns, imageRow, imageStep, yRow, yStep, table);
    for (let t = 0; t < taps; t += tapsAtOnce) {
      const some = min(tapsAtOnce, taps - t);
      for (let l = 0; l < run; l += depth) {
        const panels = packed + ((<usize>(t * run + l)) << 6);
        const from = image + ((<usize>l) << 2);
        const places = offsets + ((<usize>t) << 2);
        const adds = t > 0 || l > 0;
        for (let k = 0; k < filters; k += COLUMNS) {
          const panel = panels + <usize>(k >> 4) * panelBytes;
          const to = y + ((<usize>k) << 2);
          const width = min(COLUMNS, filters - k);
          productOfRows(table, count, from, to, places, some, min(depth, run - l), panel, PANEL_ROW, adds, width);
        }
      }
    }
  }
}

/** Where the pixels from number `first` on have their windows and their results. */
function placePixels(
  first: i32,
  count: i32,
  columns: i32,
  imageRow: usize,
  imageStep: usize,
  yRow: usize,
  yStep: usize,
  table: usize,
): void {
  let p = first / columns;
  let q = first % columns;
  for (let i = 0; i < count; i++) {
    setPlace(table, i, <usize>p * imageRow + <usize>q * imageStep, <usize>p * yRow + <usize>q * yStep);
    q++;
    if (q == columns) {
      q = 0;
      p++;
    }
  }
  finishPlaces(table, count);
}
