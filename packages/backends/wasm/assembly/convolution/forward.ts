import { finished } from '../finished';
import { packPanels, paddedColumns } from '../matrix/pack';
import { ROWS_SCRATCH } from '../matrix/rows';
import { correlate } from './correlate';
import { alignedFloats, padImage, toChannelsFirst } from './images';

/** Floats of scratch: tables, the taps, the packed filter, one padded image, one result with channels last. */
export function conv2dScratch(
  C: i32,
  P: i32,
  Q: i32,
  K: i32,
  R: i32,
  S: i32,
  paddedHeight: i32,
  paddedWidth: i32,
): i32 {
  return (
    <i32>(ROWS_SCRATCH >> 2) +
    alignedFloats(R * S) +
    R * S * C * paddedColumns(K) +
    alignedFloats(paddedHeight * paddedWidth * C) +
    P * Q * K
  );
}

/** y[n,p,q,k] = Σ_rsc x[n,h,w,c] · f[r,s,c,k] of `examples` images. The padded image reaches as far as the windows do. */
export function conv2d(
  x: usize,
  f: usize,
  y: usize,
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
  const table = scratch;
  const offsets = table + ROWS_SCRATCH;
  const packed = offsets + ((<usize>alignedFloats(R * S)) << 2);
  const padded = packed + ((<usize>(R * S * C * paddedColumns(K))) << 2);
  const result = padded + ((<usize>alignedFloats(paddedHeight * paddedWidth * C)) << 2);
  const isPadded = !channelsLast || top > 0 || left > 0 || paddedHeight > H || paddedWidth > W;
  const imageWidth = isPadded ? paddedWidth : W;
  // Taps beside one another read on in memory.
  const joined = dilationW == 1;
  const taps = joined ? R : R * S;
  const run = joined ? S * C : C;
  for (let t = 0; t < taps; t++) {
    const r = joined ? t : t / S;
    const s = joined ? 0 : t % S;
    store<i32>(offsets + ((<usize>t) << 2), ((r * dilationH * imageWidth + s * dilationW) * C) << 2);
  }
  packPanels(f, R * S * C, K, (<usize>K) << 2, packed, (<usize>(R * S * C)) << 6);
  const pixelBytes = (<usize>C) << 2;
  const imageRow = <usize>(strideH * imageWidth) * pixelBytes;
  const imageStep = <usize>strideW * pixelBytes;
  const yStep = (<usize>K) << 2;
  for (let n = 0; n < examples; n++) {
    const from = x + <usize>(n * H * W) * pixelBytes;
    const to = y + <usize>(n * P * Q) * yStep;
    const target = channelsLast ? to : result;
    if (isPadded) padImage(from, H, W, C, channelsLast, padded, top, left, paddedHeight, paddedWidth);
    correlate(
      isPadded ? padded : from,
      imageRow,
      imageStep,
      offsets,
      taps,
      run,
      packed,
      target,
      <usize>Q * yStep,
      yStep,
      P,
      Q,
      K,
      table,
    );
    if (!channelsLast) toChannelsFirst(result, P * Q, K, to);
    finished(n);
  }
}
