import { packPanels, packTransposed, paddedColumns } from '../matrix/pack';
import { partOverPixels, TILE_BYTES } from '../matrix/narrow';
import { COLUMNS } from '../matrix/tiles';
import { alignedFloats, padImage } from './images';

/** Output pixels whose gradients are packed at a time: a panel of them takes 8 KiB of the first-level cache. */
const PIXELS: i32 = 128;

/** Floats of scratch: a tile, packed gradients of some rows of pixels, one padded image. */
export function conv2dFilterGradientScratch(C: i32, Q: i32, K: i32, paddedHeight: i32, paddedWidth: i32): i32 {
  return <i32>(TILE_BYTES >> 2) + max(PIXELS, Q) * paddedColumns(K) + alignedFloats(paddedHeight * paddedWidth * C);
}

/** df[r,s,c,k] = Σ_npq dy[n,p,q,k] · x[n,h,w,c] over `examples` images. */
export function conv2dFilterGradient(
  dy: usize,
  x: usize,
  df: usize,
  examples: i32,
  H: i32,
  W: i32,
  C: i32,
  P: i32,
  Q: i32,
  K: i32,
  R: i32,
  S: i32,
  strideH: i32,
  strideW: i32,
  dilationH: i32,
  dilationW: i32,
  top: i32,
  left: i32,
  paddedHeight: i32,
  paddedWidth: i32,
  channelsLast: bool,
  scratch: usize,
): void {
  const tile = scratch;
  const packed = tile + TILE_BYTES;
  const padded = packed + ((<usize>(max(PIXELS, Q) * paddedColumns(K))) << 2);
  const isPadded = !channelsLast || top > 0 || left > 0 || paddedHeight > H || paddedWidth > W;
  const imageWidth = isPadded ? paddedWidth : W;
  const joined = dilationW == 1;
  const taps = joined ? R : R * S;
  const run = joined ? S * C : C;
  const pixelBytes = (<usize>C) << 2;
  const imageRow = <usize>(strideH * imageWidth) * pixelBytes;
  const blockRows = max(1, PIXELS / max(1, Q));
  let adds = false;
  for (let n = 0; n < examples; n++) {
    const from = x + <usize>(n * H * W) * pixelBytes;
    const image = isPadded ? padded : from;
    if (isPadded) padImage(from, H, W, C, channelsLast, padded, top, left, paddedHeight, paddedWidth);
    const gradients = dy + ((<usize>(n * P * Q * K)) << 2);
    for (let p = 0; p < P; p += blockRows) {
      const rows = min(blockRows, P - p);
      const pixels = rows * Q;
      const panelBytes = (<usize>pixels) << 6;
      if (channelsLast)
        packPanels(gradients + ((<usize>(p * Q * K)) << 2), pixels, K, (<usize>K) << 2, packed, panelBytes);
      else packTransposed(gradients + ((<usize>(p * Q)) << 2), pixels, K, (<usize>(P * Q)) << 2, packed, panelBytes);
      for (let k = 0; k < K; k += COLUMNS) {
        const panel = packed + <usize>(k >> 4) * panelBytes;
        for (let t = 0; t < taps; t++) {
          const r = joined ? t : t / S;
          const s = joined ? 0 : t % S;
          const corner = image + <usize>p * imageRow + <usize>(r * dilationH * imageWidth + s * dilationW) * pixelBytes;
          overRows(
            corner,
            <usize>strideW * pixelBytes,
            imageRow,
            rows,
            Q,
            panel,
            df + ((<usize>(t * run * K + k)) << 2),
            run,
            K,
            adds,
            min(COLUMNS, K - k),
            tile,
          );
        }
      }
      adds = true;
    }
  }
  if (!adds) memory.fill(df, 0, (<usize>(R * S * C * K)) << 2);
}

/** Two rows of df at a time; the second row of a last single one goes nowhere. */
function overRows(
  corner: usize,
  step: usize,
  imageRow: usize,
  rows: i32,
  columns: i32,
  panel: usize,
  df: usize,
  run: i32,
  filters: i32,
  adds: bool,
  width: i32,
  tile: usize,
): void {
  const rowBytes = (<usize>filters) << 2;
  for (let i = 0; i < run; i += 2) {
    const c1 = i + 1 < run ? df + rowBytes : tile + 64;
    partOverPixels(corner + ((<usize>i) << 2), step, imageRow, rows, columns, panel, df, c1, adds, width, tile);
    df += 2 * rowBytes;
  }
}
