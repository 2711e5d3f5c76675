import { finished } from '../finished';
import { packTransposed, paddedColumns } from '../matrix/pack';
import { ROWS_SCRATCH } from '../matrix/rows';
import { correlate } from './correlate';
import { alignedFloats, padImage, toChannelsFirst } from './images';

/**
 * dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k] over all taps r, s that meet h, w. With h + top = ρ + u · stride, the taps that meet h are
 * those with r · dilation ≡ ρ (mod stride), at p = u − ⌊r · dilation / stride⌋: for each remainder ρ a correlation of dy with some of
 * the taps, without stride. dy is padded by as much as p can be below 0 or beyond its end.
 */
export function conv2dInputGradient(
  dy: usize,
  f: usize,
  dx: usize,
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
  channelsLast: bool,
  scratch: usize,
): void {
  const before = reach(R, dilationH, strideH);
  const beforeW = reach(S, dilationW, strideW);
  const paddedHeight = last(H, top, strideH) + before + 1;
  const paddedWidth = last(W, left, strideW) + beforeW + 1;
  const table = scratch;
  const offsets = table + ROWS_SCRATCH;
  const packed = offsets + ((<usize>alignedFloats(R * S)) << 2);
  const padded = packed + ((<usize>(R * S * K * paddedColumns(C))) << 2);
  const result = padded + ((<usize>alignedFloats(paddedHeight * paddedWidth * K)) << 2);
  packTaps(f, C, K, R, S, strideH, strideW, dilationH, dilationW, before, beforeW, paddedWidth, offsets, packed);
  for (let n = 0; n < examples; n++) {
    const to = dx + ((<usize>(n * H * W * C)) << 2);
    const target = channelsLast ? to : result;
    const from = dy + ((<usize>(n * P * Q * K)) << 2);
    padImage(from, P, Q, K, channelsLast, padded, before, beforeW, paddedHeight, paddedWidth);
    let tap = 0;
    for (let rho = 0; rho < strideH; rho++) {
      const tapsH = tapsOf(rho, R, dilationH, strideH);
      const u = first(rho, top, strideH);
      const rows = positions(rho, u, H, top, strideH);
      for (let rhoW = 0; rhoW < strideW; rhoW++) {
        const tapsW = tapsOf(rhoW, S, dilationW, strideW);
        const v = first(rhoW, left, strideW);
        const columns = positions(rhoW, v, W, left, strideW);
        const taps = tapsH * tapsW;
        const corner = target + ((<usize>(((rho + u * strideH - top) * W + rhoW + v * strideW - left) * C)) << 2);
        if (rows > 0 && columns > 0) {
          if (taps == 0) clear(corner, rows, columns, C, strideH * W, strideW);
          else {
            // Taps beside one another read on in memory.
            const joined = dilationW == 1 && strideW == 1;
            correlate(
              padded + ((<usize>((u * paddedWidth + v) * K)) << 2),
              (<usize>(paddedWidth * K)) << 2,
              (<usize>K) << 2,
              offsets + ((<usize>tap) << 2),
              joined ? tapsH : taps,
              joined ? tapsW * K : K,
              packed + ((<usize>(tap * K * paddedColumns(C))) << 2),
              corner,
              (<usize>(strideH * W * C)) << 2,
              (<usize>(strideW * C)) << 2,
              rows,
              columns,
              C,
              table,
            );
          }
        }
        tap += taps;
      }
    }
    if (!channelsLast) toChannelsFirst(result, H * W, C, to);
    finished(n);
  }
}

/** Floats of scratch: tables, the taps, the packed filter, one padded dy, one dx with channels last. */
export function conv2dInputGradientScratch(
  H: i32,
  W: i32,
  C: i32,
  K: i32,
  R: i32,
  S: i32,
  strideH: i32,
  strideW: i32,
  dilationH: i32,
  dilationW: i32,
  top: i32,
  left: i32,
): i32 {
  const paddedHeight = last(H, top, strideH) + reach(R, dilationH, strideH) + 1;
  const paddedWidth = last(W, left, strideW) + reach(S, dilationW, strideW) + 1;
  return (
    <i32>(ROWS_SCRATCH >> 2) +
    alignedFloats(R * S) +
    R * S * K * paddedColumns(C) +
    alignedFloats(paddedHeight * paddedWidth * K) +
    H * W * C
  );
}

/** ⌊r · dilation / stride⌋ of the last tap. */
function reach(taps: i32, dilation: i32, stride: i32): i32 {
  return ((taps - 1) * dilation) / stride;
}

/** Largest u. */
function last(length: i32, before: i32, stride: i32): i32 {
  return (length - 1 + before) / stride;
}

/** Smallest u with ρ + u · stride − before >= 0. */
function first(rho: i32, before: i32, stride: i32): i32 {
  return rho >= before ? 0 : (before - rho + stride - 1) / stride;
}

/** Positions of the remainder ρ from u on. */
function positions(rho: i32, u: i32, length: i32, before: i32, stride: i32): i32 {
  const start = rho + u * stride - before;
  return start >= length ? 0 : (length - 1 - start) / stride + 1;
}

function tapsOf(rho: i32, taps: i32, dilation: i32, stride: i32): i32 {
  let count = 0;
  for (let r = 0; r < taps; r++) if ((r * dilation) % stride == rho) count++;
  return count;
}

/**
 * Packs the filter remainder by remainder, each tap as [K][C]; columns from the last tap to the first, in the order in which they
 * lie in dy. `offsets` gets the place of each tap, and for joined taps that of each row of them, counted from the same index.
 */
function packTaps(
  f: usize,
  C: i32,
  K: i32,
  R: i32,
  S: i32,
  strideH: i32,
  strideW: i32,
  dilationH: i32,
  dilationW: i32,
  before: i32,
  beforeW: i32,
  paddedWidth: i32,
  offsets: usize,
  packed: usize,
): void {
  const joined = dilationW == 1 && strideW == 1;
  let tap = 0;
  for (let rho = 0; rho < strideH; rho++) {
    for (let rhoW = 0; rhoW < strideW; rhoW++) {
      const taps = tapsOf(rho, R, dilationH, strideH) * tapsOf(rhoW, S, dilationW, strideW);
      const panels = packed + ((<usize>(tap * K * paddedColumns(C))) << 2);
      let row = 0;
      let entry = tap;
      for (let r = 0; r < R; r++) {
        if ((r * dilationH) % strideH != rho) continue;
        const up = before - (r * dilationH) / strideH;
        for (let s = S - 1; s >= 0; s--) {
          if ((s * dilationW) % strideW != rhoW) continue;
          const from = f + ((<usize>((r * S + s) * C * K)) << 2);
          packTransposed(from, K, C, (<usize>K) << 2, panels + ((<usize>row) << 6), (<usize>(taps * K)) << 6);
          row += K;
          if (joined && s != S - 1) continue;
          const aside = beforeW - (s * dilationW) / strideW;
          store<i32>(offsets + ((<usize>entry) << 2), ((up * paddedWidth + aside) * K) << 2);
          entry++;
        }
      }
      tap += taps;
    }
  }
}

/** No tap meets these positions. */
function clear(y: usize, rows: i32, columns: i32, channels: i32, rowStep: i32, step: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      memory.fill(y + ((<usize>((i * rowStep + j * step) * channels)) << 2), 0, (<usize>channels) << 2);
    }
  }
}
