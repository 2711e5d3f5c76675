/** Windows of images, as the transforms read them. */

/** Side of a window of the input: four outputs and two more for three taps. */
export const WINDOW: i32 = 6;
/** Outputs along one side of a tile. */
export const TILE: i32 = 4;
/** Products of a tile: 36, for 4·4·9 = 144 of the direct sum. */
export const POINTS: i32 = 36;

/**
 * Floats from the matrix of one point to that of the next: a cache line more than it holds, because powers of two would put the 36
 * values of a tile into one set of the first-level cache.
 */
export function pointSize(rows: i32, columns: i32): i32 {
  return rows * columns + 16;
}

/** Whether but one or two of the outputs from `first` on exist: then the tile is a half one, which needs but some of the points. */
export function isHalf(outputs: i32, first: i32): bool {
  return outputs - first <= 2;
}

/** Whether half tiles have the point of this number, along an axis. */
export function halvesHave(point: i32): bool {
  return point < 3 || point == 5;
}

/** Tiles along an axis of so many outputs. */
export function tilesAlong(outputs: i32): i32 {
  return (outputs + TILE - 1) / TILE;
}

/**
 * The window of side `side` at (h, w) of an image [height][width][channels]: its address, where it lies inside; else a copy
 * [side][side][channels] in `copy` with zeros outside.
 */
export function windowAt(
  image: usize,
  height: i32,
  width: i32,
  channels: i32,
  h: i32,
  w: i32,
  side: i32,
  copy: usize,
): usize {
  const pixelBytes = (<usize>channels) << 2;
  if (isInside(height, width, h, w, side)) return image + <usize>(h * width + w) * pixelBytes;
  const rowBytes = <usize>side * pixelBytes;
  memory.fill(copy, 0, <usize>side * rowBytes);
  const left = max(0, -w);
  const columns = min(width, w + side) - max(0, w);
  if (columns <= 0) return copy;
  for (let i = max(0, -h); i < side && h + i < height; i++) {
    const from = image + <usize>((h + i) * width + w + left) * pixelBytes;
    memory.copy(copy + <usize>i * rowBytes + <usize>left * pixelBytes, from, <usize>columns * pixelBytes);
  }
  return copy;
}

/** Bytes between two rows of the window that `windowAt` gives. */
export function windowRow(height: i32, width: i32, channels: i32, h: i32, w: i32, side: i32): usize {
  return (<usize>((isInside(height, width, h, w, side) ? width : side) * channels)) << 2;
}

function isInside(height: i32, width: i32, h: i32, w: i32, side: i32): bool {
  return h >= 0 && w >= 0 && h + side <= height && w + side <= width;
}
