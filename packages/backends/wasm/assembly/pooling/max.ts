import { floats } from '../elements';
import { covers2x2, maxOf2x2, maxOf2x2Gradient } from './max-2x2';

/**
 * Maxima of windows of images [images][H][W][C], four channels at a time. With channels first, an image is one channel. Elements of the
 * padding take no part; of equal elements, and before NaN, the first counts.
 */

/** y[n,p,q,c] = maximum of the window. */
export function maxPool2d(
  x: usize,
  y: usize,
  images: i32,
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
  isInt32: bool,
): void {
  if (isInt32) maxima<i32>(x, y, images, H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left);
  else if (covers2x2(H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left)) maxOf2x2(x, y, images, P, Q, C);
  else maxima<f32>(x, y, images, H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left);
}

function maxima<T>(
  x: usize,
  y: usize,
  images: i32,
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
  const pixelBytes = (<usize>C) << 2;
  for (let n = 0; n < images; n++) {
    const image = x + <usize>(n * H * W) * pixelBytes;
    for (let p = 0; p < P; p++) {
      const h0 = max(0, p * strideH - top);
      const h1 = min(H, p * strideH - top + poolH);
      for (let q = 0; q < Q; q++) {
        const w0 = max(0, q * strideW - left);
        const w1 = min(W, q * strideW - left + poolW);
        const first = image + <usize>(h0 * W + w0) * pixelBytes;
        let c = 0;
        for (; c + 4 <= C; c += 4) {
          const at = (<usize>c) << 2;
          let best = floats<T>(v128.load(first + at));
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) {
              const value = floats<T>(v128.load(image + <usize>(h * W + w) * pixelBytes + at));
              best = v128.bitselect(value, best, v128.gt<f32>(value, best));
            }
          }
          v128.store(y + at, best);
        }
        for (; c < C; c++) {
          const at = (<usize>c) << 2;
          let best = <f32>load<T>(first + at);
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) {
              const value = <f32>load<T>(image + <usize>(h * W + w) * pixelBytes + at);
              best = value > best ? value : best;
            }
          }
          store<f32>(y + at, best);
        }
        y += pixelBytes;
      }
    }
  }
}

/** dx: each dy goes to the first maximum of its window. */
export function maxPool2dGradient(
  dy: usize,
  x: usize,
  dx: usize,
  images: i32,
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
  if (covers2x2(H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left)) {
    maxOf2x2Gradient(dy, x, dx, images, P, Q, C);
    return;
  }
  const pixelBytes = (<usize>C) << 2;
  memory.fill(dx, 0, <usize>(images * H * W) * pixelBytes);
  for (let n = 0; n < images; n++) {
    const offset = <usize>(n * H * W) * pixelBytes;
    for (let p = 0; p < P; p++) {
      const h0 = max(0, p * strideH - top);
      const h1 = min(H, p * strideH - top + poolH);
      for (let q = 0; q < Q; q++) {
        const w0 = max(0, q * strideW - left);
        const w1 = min(W, q * strideW - left + poolW);
        let c = 0;
        for (; c + 4 <= C; c += 4) {
          const at = offset + ((<usize>c) << 2);
          fourToMaximum(v128.load(dy + ((<usize>c) << 2)), x + at, dx + at, W, pixelBytes, h0, h1, w0, w1);
        }
        for (; c < C; c++) {
          const at = offset + ((<usize>c) << 2);
          let best = <usize>(h0 * W + w0) * pixelBytes;
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) {
              const index = <usize>(h * W + w) * pixelBytes;
              if (load<f32>(x + at + index) > load<f32>(x + at + best)) best = index;
            }
          }
          const to = dx + at + best;
          store<f32>(to, load<f32>(to) + load<f32>(dy + ((<usize>c) << 2)));
        }
        dy += pixelBytes;
      }
    }
  }
}

/** Adds four gradients where each of four channels has its first maximum. */
function fourToMaximum(
  gradient: v128,
  x: usize,
  dx: usize,
  W: i32,
  pixelBytes: usize,
  h0: i32,
  h1: i32,
  w0: i32,
  w1: i32,
): void {
  let best = v128.load(x + <usize>(h0 * W + w0) * pixelBytes);
  let where = v128.splat<i32>(h0 * W + w0);
  for (let h = h0; h < h1; h++) {
    for (let w = w0; w < w1; w++) {
      const value = v128.load(x + <usize>(h * W + w) * pixelBytes);
      const isLarger = v128.gt<f32>(value, best);
      best = v128.bitselect(value, best, isLarger);
      where = v128.bitselect(v128.splat<i32>(h * W + w), where, isLarger);
    }
  }
  for (let h = h0; h < h1; h++) {
    for (let w = w0; w < w1; w++) {
      const to = dx + <usize>(h * W + w) * pixelBytes;
      const part = v128.and(gradient, v128.eq<i32>(where, v128.splat<i32>(h * W + w)));
      v128.store(to, v128.add<f32>(v128.load(to), part));
    }
  }
}
