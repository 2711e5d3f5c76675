/** The sum over taps that a convolution and its input gradient share, without a matrix of windows in memory. */
import { part2x16 } from '../matrix/narrow';
import { COLUMNS } from '../matrix/tiles';

/** Rows of a packed panel that are worked on at a time: 24 KiB of the first-level cache. */
const DEPTH: i32 = 384;
/** Output pixels that are worked on at a time, so that their inputs stay in the second-level cache. */
const PIXELS: i32 = 256;

/**
 * y[p][q][k] = Σ image[p · imageRow + q · imageStep + offset_t + l] · packed[t · run + l][k] over taps t and l < run. Distances are
 * in bytes; the panels of `packed` are [taps · run][16].
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
  tile: usize,
): void {
  const depth = min(run, DEPTH);
  const tapsAtOnce = max(1, DEPTH / run);
  const panelBytes = (<usize>(taps * run)) << 6;
  const blockRows = max(1, PIXELS / columns);
  for (let p = 0; p < rows; p += blockRows) {
    const pixels = min(blockRows, rows - p) * columns;
    for (let t = 0; t < taps; t += tapsAtOnce) {
      for (let l = 0; l < run; l += depth) {
        const panelPart = packed + ((<usize>(t * run + l)) << 6);
        const adds = t > 0 || l > 0;
        for (let k = 0; k < filters; k += COLUMNS) {
          overPixels(
            image + <usize>p * imageRow + ((<usize>l) << 2),
            imageRow,
            imageStep,
            offsets + ((<usize>t) << 2),
            min(tapsAtOnce, taps - t),
            min(depth, run - l),
            panelPart + <usize>(k >> 4) * panelBytes,
            y + <usize>p * yRow + ((<usize>k) << 2),
            yRow,
            yStep,
            pixels,
            columns,
            adds,
            min(COLUMNS, filters - k),
            tile,
          );
        }
      }
    }
  }
}

/** Two pixels at a time, from row to row; a last single one is computed twice, to the same place. */
function overPixels(
  image: usize,
  imageRow: usize,
  imageStep: usize,
  offsets: usize,
  taps: i32,
  run: i32,
  panel: usize,
  y: usize,
  yRow: usize,
  yStep: usize,
  pixels: i32,
  columns: i32,
  adds: bool,
  width: i32,
  tile: usize,
): void {
  let column = 0;
  let a = image;
  let c = y;
  for (let pixel = 0; pixel < pixels; pixel += 2) {
    const a0 = a;
    const c0 = c;
    if (pixel + 1 < pixels) {
      column++;
      if (column == columns) {
        column = 0;
        image += imageRow;
        y += yRow;
        a = image;
        c = y;
      } else {
        a += imageStep;
        c += yStep;
      }
    }
    part2x16(a0, a, offsets, taps, run, panel, c0, c, adds, width, tile);
    column++;
    if (column == columns) {
      column = 0;
      image += imageRow;
      y += yRow;
      a = image;
      c = y;
    } else {
      a += imageStep;
      c += yStep;
    }
  }
}
