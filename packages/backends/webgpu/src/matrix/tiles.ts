/** Rows and columns of the result that one workgroup computes: multiples of 16. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/** By the shape of the result alone: as large as it fills, since a tile of R × C reads (R + C) / (R · C) values for each multiply-add. */
export function tileFor(rows: number, columns: number): Tile {
  if (rows < 64) return { rows: 16, columns: 16 };
  if (columns <= 16) return { rows: 64, columns: 16 };
  return columns <= 32 || rows < 128 ? { rows: 32, columns: 32 } : { rows: 64, columns: 64 };
}

/** Workgroups that a grid should have at least, so that a large device has work everywhere. */
const WORKGROUPS = 128;
/** Shortest part of a sum that is worth a second dispatch. */
const SHORTEST = 256;

/** Parts into which the sum over k is cut, by sizes alone, so that results repeat bit for bit: a power of two. */
export function partsOf(tiles: number, depth: number): number {
  let parts = 1;
  while (tiles * parts < WORKGROUPS && depth / (2 * parts) >= SHORTEST) parts *= 2;
  return parts;
}
