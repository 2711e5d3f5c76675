/** F(3×3, 4×4): the filter's gradient of a convolution with stride 1. */
import { paddedColumns } from '../matrix/pack';
import { COLUMNS, tilesOverPixels } from '../matrix/tiles';
import { alignedFloats, toChannelsLast } from '../convolution/images';
import { transformWindow } from './correlate';
import { transformHalfGradient, transformHalfWindow } from './half-tiles';
import {
  halvesHave,
  isHalf,
  POINTS,
  pointSize,
  TILE,
  tilesAlong,
  windowAt,
  windowRow,
  WINDOW,
} from './tiles-of-images';
import { filterOutputTransform, gradientTransform } from './transforms';

/** Tiles that are worked on at a time. */
const BLOCK: i32 = 64;
/** Floats for the two-dimensional transforms. */
const ROOM: i32 = 2 * POINTS * 4;

/** Floats of scratch of `filterGradientTiles`. */
export function winogradFilterScratch(
  examples: i32,
  height: i32,
  width: i32,
  C: i32,
  rows: i32,
  columns: i32,
  K: i32,
  channelsLast: bool,
): i32 {
  return (
    ROOM +
    POINTS * max(C, K) +
    POINTS * (pointSize(BLOCK, C) + pointSize(BLOCK, paddedColumns(K)) + pointSize(C, paddedColumns(K))) +
    (channelsLast ? 0 : alignedFloats(examples * height * width * C) + examples * rows * columns * K)
  );
}

/**
 * df[r,s,c,k] = Σ dy[n,p,q,k] · x[n, p + r − top, q + s − left, c] with x [examples][height][width][C] and dy
 * [examples][rows][columns][K], or both with channels first. C and K are multiples of 4.
 */
export function filterGradientTiles(
  dy: usize,
  x: usize,
  df: usize,
  examples: i32,
  height: i32,
  width: i32,
  C: i32,
  rows: i32,
  columns: i32,
  K: i32,
  top: i32,
  left: i32,
  channelsLast: bool,
  scratch: usize,
): void {
  const room = scratch;
  const copy = room + ((<usize>ROOM) << 2);
  const values = copy + ((<usize>(POINTS * max(C, K))) << 2);
  const gradients = values + ((<usize>(POINTS * pointSize(BLOCK, C))) << 2);
  const sums = gradients + ((<usize>(POINTS * pointSize(BLOCK, paddedColumns(K)))) << 2);
  const images = sums + ((<usize>(POINTS * pointSize(C, paddedColumns(K)))) << 2);
  const imageSize = height * width * C;
  const gradientSize = rows * columns * K;
  if (!channelsLast) {
    const others = images + ((<usize>alignedFloats(examples * imageSize)) << 2);
    for (let n = 0; n < examples; n++) {
      const at = (<usize>(n * imageSize)) << 2;
      toChannelsLast(x + at, height * width, height * width, C, images + at);
      const atGradient = (<usize>(n * gradientSize)) << 2;
      toChannelsLast(dy + atGradient, rows * columns, rows * columns, K, others + atGradient);
    }
    x = images;
    dy = others;
  }
  const across = tilesAlong(columns);
  const perImage = tilesAlong(rows) * across;
  const tiles = examples * perImage;
  for (let first = 0; first < tiles; first += BLOCK) {
    const count = min(BLOCK, tiles - first);
    // Columns of the last panel beyond K stay 0.
    if (paddedColumns(K) > K) memory.fill(gradients, 0, (<usize>(POINTS * pointSize(BLOCK, paddedColumns(K)))) << 2);
    // Low ones, whole ones, narrow ones, and those that are both: each point sums over neighbours.
    const lowOnes = tilesOfKind(first, count, rows, columns, true, false);
    const wholeOnes = tilesOfKind(first, count, rows, columns, false, false);
    const narrowOnes = tilesOfKind(first, count, rows, columns, false, true);
    let nextLow = 0;
    let nextWhole = lowOnes;
    let nextNarrow = nextWhole + wholeOnes;
    let nextBoth = nextNarrow + narrowOnes;
    for (let t = 0; t < count; t++) {
      const index = (first + t) % perImage;
      const n = (first + t) / perImage;
      const p = (index / across) * TILE;
      const q = (index % across) * TILE;
      const image = x + ((<usize>(n * imageSize)) << 2);
      const from = windowAt(image, height, width, C, p - top, q - left, WINDOW, copy);
      const rowBytes = windowRow(height, width, C, p - top, q - left, WINDOW);
      const low = isHalf(rows, p);
      const narrow = isHalf(columns, q);
      let place = 0;
      if (low && narrow) place = nextBoth++;
      else if (low) place = nextLow++;
      else if (narrow) place = nextNarrow++;
      else place = nextWhole++;
      const to = values + ((<usize>(place * C)) << 2);
      if (low || narrow) transformHalfWindow(from, rowBytes, C, to, BLOCK, low, narrow, room);
      else transformWindow(from, rowBytes, C, to, BLOCK, room);
      const gradient = dy + ((<usize>(n * gradientSize)) << 2);
      const fromGradient = windowAt(gradient, rows, columns, K, p, q, TILE, copy);
      const gradientRow = windowRow(rows, columns, K, p, q, TILE);
      if (low || narrow)
        transformHalfGradient(fromGradient, gradientRow, K, gradients, place, BLOCK, low, narrow, room);
      else transformGradient(fromGradient, gradientRow, K, gradients, place, room);
    }
    addProducts(values, gradients, sums, count, lowOnes, wholeOnes, narrowOnes, C, K, first > 0);
  }
  if (tiles == 0) memory.fill(df, 0, (<usize>(9 * C * K)) << 2);
  else writeFilter(sums, df, C, K, room);
}

/** How many tiles of a block are half as low, and half as narrow, or are not. */
function tilesOfKind(first: i32, count: i32, rows: i32, columns: i32, low: bool, narrow: bool): i32 {
  const across = tilesAlong(columns);
  const perImage = tilesAlong(rows) * across;
  let tiles = 0;
  for (let t = 0; t < count; t++) {
    const index = (first + t) % perImage;
    const isLow = isHalf(rows, (index / across) * TILE);
    const isNarrow = isHalf(columns, (index % across) * TILE);
    if (isLow == low && isNarrow == narrow) tiles++;
  }
  return tiles;
}

/** G d Gᵀ of a 4×4 tile of dy, to row `t` of the panels [panels][BLOCK][16] of 36 matrices. */
function transformGradient(from: usize, rowBytes: usize, K: i32, to: usize, t: i32, room: usize): void {
  const pixelBytes = (<usize>K) << 2;
  const pointBytes = (<usize>pointSize(BLOCK, paddedColumns(K))) << 2;
  for (let k = 0; k < K; k += 4) {
    const at = (<usize>k) << 2;
    for (let j = 0; j < TILE; j++) {
      gradientTransform(from + at + <usize>j * pixelBytes, rowBytes, room + ((<usize>j) << 4), 64);
    }
    const place = to + ((<usize>((k >> 4) * BLOCK * COLUMNS + t * COLUMNS + (k & 15))) << 2);
    for (let i = 0; i < WINDOW; i++) {
      gradientTransform(room + <usize>(i * 64), 16, place + <usize>(i * WINDOW) * pointBytes, pointBytes);
    }
  }
}

/** sums[point][c][k] += Σ values[point][tile][c] · gradients[point][tile][k] over the tiles that have the point. */
function addProducts(
  values: usize,
  gradients: usize,
  sums: usize,
  count: i32,
  lowOnes: i32,
  wholeOnes: i32,
  narrowOnes: i32,
  C: i32,
  K: i32,
  adds: bool,
): void {
  const width = paddedColumns(K);
  const rowBytes = (<usize>C) << 2;
  const sumBytes = (<usize>width) << 2;
  for (let point = 0; point < POINTS; point++) {
    const lowHave = halvesHave(point / WINDOW);
    const narrowHave = halvesHave(point % WINDOW);
    const begin = lowHave ? 0 : lowOnes;
    const end = narrowHave ? (lowHave ? count : lowOnes + wholeOnes + narrowOnes) : lowOnes + wholeOnes;
    const a = values + ((<usize>(point * pointSize(BLOCK, C) + begin * C)) << 2);
    const s = sums + ((<usize>(point * pointSize(C, width))) << 2);
    for (let k = 0; k < width; k += COLUMNS) {
      const panel = gradients + ((<usize>(point * pointSize(BLOCK, width) + k * BLOCK + begin * COLUMNS)) << 2);
      tilesOverPixels(a, rowBytes, 0, 1, end - begin, panel, s + ((<usize>k) << 2), sumBytes, C, adds);
    }
  }
}

/** Aᵀ s A, to [3][3][C][K]. */
function writeFilter(sums: usize, df: usize, C: i32, K: i32, room: usize): void {
  const pointBytes = (<usize>pointSize(C, paddedColumns(K))) << 2;
  const tapBytes = (<usize>(C * K)) << 2;
  for (let c = 0; c < C; c++) {
    for (let k = 0; k < K; k += 4) {
      const from = sums + ((<usize>(c * paddedColumns(K) + k)) << 2);
      for (let j = 0; j < WINDOW; j++) {
        filterOutputTransform(from + <usize>j * pointBytes, <usize>WINDOW * pointBytes, room + ((<usize>j) << 4), 96);
      }
      const to = df + ((<usize>(c * K + k)) << 2);
      for (let r = 0; r < 3; r++) {
        filterOutputTransform(room + <usize>(r * 96), 16, to + <usize>(3 * r) * tapBytes, tapBytes);
      }
    }
  }
}
