import { copyRows } from '../matrix/copy-rows';
import { NARROW, narrowTilesOverPixels } from '../matrix/narrow-tiles';
import { packPanels, packTransposed, paddedColumns } from '../matrix/pack';
import { COLUMNS, tilesOverPixels } from '../matrix/tiles';
import { alignedFloats, padImage } from './images';

/** Output pixels whose gradients are packed at a time: a panel of them takes 8 KiB of the first-level cache. */
const PIXELS: i32 = 128;

/** Floats of scratch: packed gradients of some rows of pixels, sums for whole tiles, one padded image. */
export function conv2dFilterGradientScratch(
  C: i32,
  Q: i32,
  K: i32,
  R: i32,
  S: i32,
  paddedHeight: i32,
  paddedWidth: i32,
): i32 {
  const packed = max(PIXELS, Q) * paddedColumns(K);
  const sums = R * S * alignedFloats(C) * paddedColumns(K);
  return packed + sums + alignedFloats(paddedHeight * paddedWidth * C);
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
  const width = paddedColumns(K);
  const packed = scratch;
  const sums = packed + ((<usize>(max(PIXELS, Q) * width)) << 2);
  const padded = sums + ((<usize>(R * S * alignedFloats(C) * width)) << 2);
  const isPadded = !channelsLast || top > 0 || left > 0 || paddedHeight > H || paddedWidth > W;
  const imageWidth = isPadded ? paddedWidth : W;
  const joined = dilationW == 1;
  const taps = joined ? R : R * S;
  const run = joined ? S * C : C;
  // Rows of sums of a tap, in whole tiles.
  const tapRows = alignedFloats(run);
  const pixelBytes = (<usize>C) << 2;
  const imageRow = <usize>(strideH * imageWidth) * pixelBytes;
  const blockRows = max(1, PIXELS / max(1, Q));
  const sumBytes = (<usize>width) << 2;
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
          const row = <usize>p * imageRow + <usize>(r * dilationH * imageWidth + s * dilationW) * pixelBytes;
          const to = sums + <usize>(t * tapRows) * sumBytes + ((<usize>k) << 2);
          const step = <usize>strideW * pixelBytes;
          if (K - k <= NARROW) {
            narrowTilesOverPixels(image + row, step, imageRow, rows, Q, panel, to, sumBytes, tapRows, adds);
          } else {
            tilesOverPixels(image + row, step, imageRow, rows, Q, panel, to, sumBytes, (run + 1) & ~1, adds);
          }
        }
      }
      adds = true;
    }
  }
  if (!adds) memory.fill(df, 0, (<usize>(R * S * C * K)) << 2);
  else {
    for (let t = 0; t < taps; t++) {
      const to = df + ((<usize>(t * run * K)) << 2);
      copyRows(sums + <usize>(t * tapRows) * sumBytes, sumBytes, to, (<usize>K) << 2, run, K);
    }
  }
}
