/**
 * Windows that slide over images [images][H][W][C]; with channels first, an image is one channel, and an example has `imagesPerExample`.
 * Elements outside of the image take no part.
 */
import { finished } from '../finished';
import { mean, shareOut } from './average';
import { firstMaximum, toFirstMaximum } from './max';
import { covers2x2, maxOf2x2, maxOf2x2Gradient } from './max-2x2';

/** What is done with each window; as `Kind` of src/pooling. */
const MAXIMUM: i32 = 0;
const TO_MAXIMUM: i32 = 1;
const MEAN: i32 = 2;

/**
 * Of each window its maximum or mean, from x to `each` [images][P][Q][C]; or, of each dy in `each`, the whole to the first maximum of x or
 * equal shares to all elements, in dx. What a kind has no use for is 0.
 */
export function pool(
  kind: i32,
  x: usize,
  each: usize,
  dx: usize,
  images: i32,
  imagesPerExample: i32,
  H: i32,
  W: i32,
  C: i32,
  P: i32,
  Q: i32,
  poolH: i32,
  poolW: i32,
  strideH: i32,
  strideW: i32,
  top: i32,
  left: i32,
): void {
  const isPair = covers2x2(H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left);
  if (isPair && kind == MAXIMUM) return maxOf2x2(x, each, images, P, Q, C);
  const pixelBytes = (<usize>C) << 2;
  const imageBytes = <usize>(H * W) * pixelBytes;
  const isGradient = dx != 0;
  for (let n = 0; n < images; n++) {
    if (isPair && kind == TO_MAXIMUM) maxOf2x2Gradient(each, x, dx, 1, P, Q, C);
    else {
      if (isGradient) memory.fill(dx, 0, imageBytes);
      slide(kind, x, each, dx, H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left);
    }
    if (isGradient && (n + 1) % imagesPerExample == 0) finished(n / imagesPerExample);
    x += imageBytes;
    dx += imageBytes;
    each += <usize>(P * Q) * pixelBytes;
  }
}

/** One image. */
function slide(
  kind: i32,
  x: usize,
  each: usize,
  dx: usize,
  H: i32,
  W: i32,
  C: i32,
  P: i32,
  Q: i32,
  poolH: i32,
  poolW: i32,
  strideH: i32,
  strideW: i32,
  top: i32,
  left: i32,
): void {
  for (let p = 0; p < P; p++) {
    const h0 = max(0, p * strideH - top);
    const h1 = min(H, p * strideH - top + poolH);
    for (let q = 0; q < Q; q++) {
      const w0 = max(0, q * strideW - left);
      const w1 = min(W, q * strideW - left + poolW);
      if (kind == MAXIMUM) firstMaximum(x, each, W, C, h0, h1, w0, w1);
      else if (kind == TO_MAXIMUM) toFirstMaximum(each, x, dx, W, C, h0, h1, w0, w1);
      else if (kind == MEAN) mean(x, each, W, C, h0, h1, w0, w1);
      else shareOut(each, dx, W, C, h0, h1, w0, w1);
      each += (<usize>C) << 2;
    }
  }
}
