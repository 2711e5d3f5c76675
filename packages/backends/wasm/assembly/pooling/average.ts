import { floats } from '../elements';

/** Means of windows of images [images][H][W][C] over the elements inside the image; with channels first, an image is one channel. */

/** y[n,p,q,c] = mean of the window. */
export function averagePool2d(
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
  if (isInt32) means<i32>(x, y, images, H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left);
  else means<f32>(x, y, images, H, W, C, P, Q, poolH, poolW, strideH, strideW, top, left);
}

function means<T>(
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
        const count = <f32>((h1 - h0) * (w1 - w0));
        let c = 0;
        for (; c + 4 <= C; c += 4) {
          const at = (<usize>c) << 2;
          let sum = v128.splat<f32>(0);
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) {
              sum = v128.add<f32>(sum, floats<T>(v128.load(image + <usize>(h * W + w) * pixelBytes + at)));
            }
          }
          v128.store(y + at, v128.div<f32>(sum, v128.splat<f32>(count)));
        }
        for (; c < C; c++) {
          const at = (<usize>c) << 2;
          let sum: f32 = 0;
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) sum += <f32>load<T>(image + <usize>(h * W + w) * pixelBytes + at);
          }
          store<f32>(y + at, sum / count);
        }
        y += pixelBytes;
      }
    }
  }
}

/** dx: each dy is shared out evenly over the elements of its window that lie inside the image. */
export function averagePool2dGradient(
  dy: usize,
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
  const pixelBytes = (<usize>C) << 2;
  memory.fill(dx, 0, <usize>(images * H * W) * pixelBytes);
  for (let n = 0; n < images; n++) {
    const image = dx + <usize>(n * H * W) * pixelBytes;
    for (let p = 0; p < P; p++) {
      const h0 = max(0, p * strideH - top);
      const h1 = min(H, p * strideH - top + poolH);
      for (let q = 0; q < Q; q++) {
        const w0 = max(0, q * strideW - left);
        const w1 = min(W, q * strideW - left + poolW);
        const count = <f32>((h1 - h0) * (w1 - w0));
        for (let h = h0; h < h1; h++) {
          for (let w = w0; w < w1; w++) addShare(dy, count, C, image + <usize>(h * W + w) * pixelBytes);
        }
        dy += pixelBytes;
      }
    }
  }
}

function addShare(dy: usize, count: f32, C: i32, to: usize): void {
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const at = (<usize>c) << 2;
    const share = v128.div<f32>(v128.load(dy + at), v128.splat<f32>(count));
    v128.store(to + at, v128.add<f32>(v128.load(to + at), share));
  }
  for (; c < C; c++) {
    const at = (<usize>c) << 2;
    store<f32>(to + at, load<f32>(to + at) + load<f32>(dy + at) / count);
  }
}
