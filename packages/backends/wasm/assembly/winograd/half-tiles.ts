/**
 * Tiles that are half as low, half as narrow or both, for but one or two of their outputs exist along an axis: they have the points 0, 1, 2 and 5
 * of six along it, so 24 or 16 products in place of 36.
 */
import { paddedColumns } from '../matrix/pack';
import { COLUMNS } from '../matrix/tiles';
import { halvesHave, isHalf, pointSize, POINTS, TILE, WINDOW } from './tiles-of-images';
import {
  gradientTransform,
  halfGradientTransform,
  halfInputTransform,
  halfOutputTransform,
  inputTransform,
  outputTransform,
} from './transforms';

/** As `transformWindow`, to the matrices of the tile's points. */
export function transformHalfWindow(
  from: usize,
  rowBytes: usize,
  channels: i32,
  to: usize,
  block: i32,
  low: bool,
  narrow: bool,
  room: usize,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const pointBytes = (<usize>pointSize(block, channels)) << 2;
  const side = narrow ? WINDOW - 2 : WINDOW;
  for (let c = 0; c < channels; c += 4) {
    const at = (<usize>c) << 2;
    for (let j = 0; j < side; j++) {
      const column = from + at + <usize>j * pixelBytes;
      if (low) halfInputTransform(column, rowBytes, room + ((<usize>j) << 4), 96);
      else inputTransform(column, rowBytes, room + ((<usize>j) << 4), 96);
    }
    for (let i = 0; i < WINDOW; i++) {
      if (low && !halvesHave(i)) continue;
      const place = to + at + <usize>(i * WINDOW) * pointBytes;
      if (narrow) halfInputTransform(room + <usize>(i * 96), 16, place, pointBytes);
      else inputTransform(room + <usize>(i * 96), 16, place, pointBytes);
    }
  }
}

/** Aᵀ m A of such a tile, to where it lies in the image; what lies beyond the image is left out. */
export function writeHalfTile(
  from: usize,
  image: usize,
  p: i32,
  q: i32,
  rows: i32,
  columns: i32,
  outputs: i32,
  block: i32,
  room: usize,
): void {
  const pointBytes = (<usize>pointSize(block, paddedColumns(outputs))) << 2;
  const pixelBytes = (<usize>outputs) << 2;
  const height = min(TILE, rows - p);
  const width = min(TILE, columns - q);
  const low = isHalf(rows, p);
  const narrow = isHalf(columns, q);
  const line = room + <usize>POINTS * 16;
  const corner = image + <usize>(p * columns + q) * pixelBytes;
  for (let k = 0; k < outputs; k += 4) {
    const at = (<usize>k) << 2;
    for (let j = 0; j < WINDOW; j++) {
      if (narrow && !halvesHave(j)) continue;
      const column = from + at + <usize>j * pointBytes;
      if (low) halfOutputTransform(column, <usize>WINDOW * pointBytes, room + ((<usize>j) << 4), 96);
      else outputTransform(column, <usize>WINDOW * pointBytes, room + ((<usize>j) << 4), 96);
    }
    for (let i = 0; i < height; i++) {
      if (narrow) halfOutputTransform(room + <usize>(i * 96), 16, line, 16);
      else outputTransform(room + <usize>(i * 96), 16, line, 16);
      const row = corner + at + <usize>(i * columns) * pixelBytes;
      for (let j = 0; j < width; j++) v128.store(row + <usize>j * pixelBytes, v128.load(line + ((<usize>j) << 4)));
    }
  }
}

/** G d Gᵀ of such a tile of dy, to row `t` of the panels [panels][block][16] of its points. */
export function transformHalfGradient(
  from: usize,
  rowBytes: usize,
  K: i32,
  to: usize,
  t: i32,
  block: i32,
  low: bool,
  narrow: bool,
  room: usize,
): void {
  const pixelBytes = (<usize>K) << 2;
  const pointBytes = (<usize>pointSize(block, paddedColumns(K))) << 2;
  const side = narrow ? TILE / 2 : TILE;
  for (let k = 0; k < K; k += 4) {
    const at = (<usize>k) << 2;
    for (let j = 0; j < side; j++) {
      const column = from + at + <usize>j * pixelBytes;
      if (low) halfGradientTransform(column, rowBytes, room + ((<usize>j) << 4), 64);
      else gradientTransform(column, rowBytes, room + ((<usize>j) << 4), 64);
    }
    const place = to + ((<usize>((k >> 4) * block * COLUMNS + t * COLUMNS + (k & 15))) << 2);
    for (let i = 0; i < WINDOW; i++) {
      if (low && !halvesHave(i)) continue;
      const point = place + <usize>(i * WINDOW) * pointBytes;
      if (narrow) halfGradientTransform(room + <usize>(i * 64), 16, point, pointBytes);
      else gradientTransform(room + <usize>(i * 64), 16, point, pointBytes);
    }
  }
}
