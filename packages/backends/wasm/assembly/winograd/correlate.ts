/** F(4×4, 3×3): the convolution with stride 1 and its input gradient. */
import { finished } from '../finished';
import { paddedColumns } from '../matrix/pack';
import { finishPlaces, productOfRows, ROWS_SCRATCH, setPlace } from '../matrix/rows';
import { COLUMNS, PANEL_ROW } from '../matrix/tiles';
import { alignedFloats, toChannelsFirst, toChannelsLast } from '../convolution/images';
import { filterSize, transformFilter } from './filters';
import { transformHalfWindow, writeHalfTile } from './half-tiles';
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
import { inputTransform, outputTransform } from './transforms';

/** Tiles that are worked on at a time. */
const BLOCK: i32 = 48;
/** Floats for the two-dimensional transforms: 36 vectors and as many between the two passes. */
const ROOM: i32 = 2 * POINTS * 4;
/** Channels of a sum that are worked on at a time. */
const DEPTH: i32 = 384;

/** Floats of scratch of `correlateTiles`. */
export function winogradScratch(
  examples: i32,
  height: i32,
  width: i32,
  inputs: i32,
  rows: i32,
  columns: i32,
  outputs: i32,
  channelsLast: bool,
): i32 {
  return (
    <i32>(ROWS_SCRATCH >> 2) +
    4 +
    ROOM +
    filterSize(inputs, outputs) +
    POINTS * inputs +
    POINTS * (pointSize(BLOCK, inputs) + pointSize(BLOCK, paddedColumns(outputs))) +
    (channelsLast ? 0 : alignedFloats(examples * height * width * inputs) + rows * columns * outputs)
  );
}

/**
 * y[n,p,q,o] = Σ x[n, p + r − top, q + s − left, i] · g[r,s,i,o], where g is f [3][3][C][K] or, if `exchanged`, f mirrored with inputs
 * and outputs exchanged. x is [examples][height][width][inputs], y [examples][rows][columns][outputs]; or both with channels first.
 * `inputs` and `outputs` are multiples of 4.
 */
export function correlateTiles(
  x: usize,
  f: usize,
  y: usize,
  examples: i32,
  height: i32,
  width: i32,
  inputs: i32,
  rows: i32,
  columns: i32,
  outputs: i32,
  top: i32,
  left: i32,
  exchanged: bool,
  channelsLast: bool,
  scratch: usize,
): void {
  const table = scratch;
  const offset = table + ROWS_SCRATCH;
  const room = offset + 16;
  const filter = room + ((<usize>ROOM) << 2);
  const copy = filter + ((<usize>filterSize(inputs, outputs)) << 2);
  const values = copy + ((<usize>(POINTS * inputs)) << 2);
  const products = values + ((<usize>(POINTS * pointSize(BLOCK, inputs))) << 2);
  const images = products + ((<usize>(POINTS * pointSize(BLOCK, paddedColumns(outputs)))) << 2);
  const result = images + ((<usize>alignedFloats(examples * height * width * inputs)) << 2);
  store<i32>(offset, 0);
  transformFilter(f, exchanged ? outputs : inputs, exchanged ? inputs : outputs, exchanged, filter, room);
  const imageSize = height * width * inputs;
  if (!channelsLast) {
    for (let n = 0; n < examples; n++) {
      const at = (<usize>(n * imageSize)) << 2;
      toChannelsLast(x + at, height * width, height * width, inputs, images + at);
    }
    x = images;
  }
  const across = tilesAlong(columns);
  const perImage = tilesAlong(rows) * across;
  const tiles = examples * perImage;
  for (let first = 0; first < tiles; first += BLOCK) {
    const count = min(BLOCK, tiles - first);
    for (let t = 0; t < count; t++) {
      const index = (first + t) % perImage;
      const image = x + ((<usize>(((first + t) / perImage) * imageSize)) << 2);
      const p = (index / across) * TILE;
      const q = (index % across) * TILE;
      const from = windowAt(image, height, width, inputs, p - top, q - left, WINDOW, copy);
      const rowBytes = windowRow(height, width, inputs, p - top, q - left, WINDOW);
      const to = values + ((<usize>(t * inputs)) << 2);
      const low = isHalf(rows, p);
      const narrow = isHalf(columns, q);
      if (low || narrow) transformHalfWindow(from, rowBytes, inputs, to, BLOCK, low, narrow, room);
      else transformWindow(from, rowBytes, inputs, to, BLOCK, room);
    }
    for (let halves = 0; halves < 4; halves++) {
      const low = (halves & 1) != 0;
      const narrow = (halves & 2) != 0;
      const some = placeTiles(table, first, count, rows, columns, inputs, outputs, low, narrow);
      multiply(values, filter, products, some, inputs, outputs, low, narrow, offset, table);
    }
    for (let t = 0; t < count; t++) {
      const index = (first + t) % perImage;
      const n = (first + t) / perImage;
      const target = channelsLast ? y + ((<usize>(n * rows * columns * outputs)) << 2) : result;
      const p = (index / across) * TILE;
      const q = (index % across) * TILE;
      const from = products + ((<usize>(t * paddedColumns(outputs))) << 2);
      if (isHalf(rows, p) || isHalf(columns, q)) writeHalfTile(from, target, p, q, rows, columns, outputs, BLOCK, room);
      else writeTile(from, target, p, q, rows, columns, outputs, room);
      if (index < perImage - 1) continue;
      if (!channelsLast) {
        toChannelsFirst(result, rows * columns, outputs, y + ((<usize>(n * rows * columns * outputs)) << 2));
      }
      finished(n);
    }
  }
}

/** Bᵀ d B of a window, to the 36 matrices [block][channels] at the place of its tile. */
export function transformWindow(from: usize, rowBytes: usize, channels: i32, to: usize, block: i32, room: usize): void {
  const pixelBytes = (<usize>channels) << 2;
  const pointBytes = (<usize>pointSize(block, channels)) << 2;
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2;
    for (let j = 0; j < WINDOW; j++) {
      inputTransform(from + at + <usize>j * pixelBytes, rowBytes, room + ((<usize>j) << 4), 96);
    }
    for (let i = 0; i < WINDOW; i++) {
      inputTransform(room + <usize>(i * 96), 16, to + at + <usize>(i * WINDOW) * pointBytes, pointBytes);
    }
  }
}

/** Places of the tiles of a block: all, or without those that are half as low, or as narrow. Returns how many. */
function placeTiles(
  table: usize,
  first: i32,
  count: i32,
  rows: i32,
  columns: i32,
  inputs: i32,
  outputs: i32,
  withoutLow: bool,
  withoutNarrow: bool,
): i32 {
  const across = tilesAlong(columns);
  const perImage = tilesAlong(rows) * across;
  const rowBytes = (<usize>inputs) << 2;
  const yBytes = (<usize>paddedColumns(outputs)) << 2;
  let placed = 0;
  for (let t = 0; t < count; t++) {
    const index = (first + t) % perImage;
    if (withoutLow && isHalf(rows, (index / across) * TILE)) continue;
    if (withoutNarrow && isHalf(columns, (index % across) * TILE)) continue;
    setPlace(table, placed, <usize>t * rowBytes, <usize>t * yBytes);
    placed++;
  }
  if (placed > 0) finishPlaces(table, placed);
  return placed;
}

/**
 * products[point][tile][outputs] = values[point][tile][inputs] · filter[point][inputs][outputs] for the tiles that are placed, and the points
 * that tiles half as low, and half as narrow, do or do not have.
 */
function multiply(
  values: usize,
  filter: usize,
  products: usize,
  count: i32,
  inputs: i32,
  outputs: i32,
  withoutLow: bool,
  withoutNarrow: bool,
  offset: usize,
  table: usize,
): void {
  const width = paddedColumns(outputs);
  for (let point = 0; point < POINTS; point++) {
    if (halvesHave(point / WINDOW) == withoutLow || halvesHave(point % WINDOW) == withoutNarrow) continue;
    const a = values + ((<usize>(point * pointSize(BLOCK, inputs))) << 2);
    const c = products + ((<usize>(point * pointSize(BLOCK, width))) << 2);
    for (let l = 0; l < inputs; l += DEPTH) {
      const depth = min(DEPTH, inputs - l);
      for (let k = 0; k < width; k += COLUMNS) {
        const panel = filter + ((<usize>(point * pointSize(inputs, width) + k * inputs + l * COLUMNS)) << 2);
        const from = a + ((<usize>l) << 2);
        productOfRows(table, count, from, c + ((<usize>k) << 2), offset, 1, depth, panel, PANEL_ROW, l > 0, COLUMNS);
      }
    }
  }
}

/** Aᵀ m A of a tile, to where it lies in the image; what lies beyond the image is left out. */
function writeTile(
  from: usize,
  image: usize,
  p: i32,
  q: i32,
  rows: i32,
  columns: i32,
  outputs: i32,
  room: usize,
): void {
  const pointBytes = (<usize>pointSize(BLOCK, paddedColumns(outputs))) << 2;
  const pixelBytes = (<usize>outputs) << 2;
  const height = min(TILE, rows - p);
  const width = min(TILE, columns - q);
  const line = room + <usize>POINTS * 16;
  const corner = image + <usize>(p * columns + q) * pixelBytes;
  for (let k = 0; k < outputs; k += 4) {
    const at = (<usize>k) << 2;
    for (let j = 0; j < WINDOW; j++) {
      outputTransform(from + at + <usize>j * pointBytes, <usize>WINDOW * pointBytes, room + ((<usize>j) << 4), 96);
    }
    for (let i = 0; i < height; i++) {
      const row = corner + at + <usize>(i * columns) * pixelBytes;
      if (width == TILE) outputTransform(room + <usize>(i * 96), 16, row, pixelBytes);
      else {
        outputTransform(room + <usize>(i * 96), 16, line, 16);
        for (let j = 0; j < width; j++) v128.store(row + <usize>j * pixelBytes, v128.load(line + ((<usize>j) << 4)));
      }
    }
  }
}
