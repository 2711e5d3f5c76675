/**
 * Maxima of 2×2 windows with stride 2 that cover the image exactly, of images [images][2P][2Q][C] with four channels or more. Where C is no
 * multiple of 4, the last four channels are computed together, some of them a second time.
 */

/** Whether these are such windows. */
export function covers2x2(
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
): bool {
  const isPair = poolH == 2 && poolW == 2 && strideH == 2 && strideW == 2;
  return isPair && top == 0 && left == 0 && H == 2 * P && W == 2 * Q && C >= 4;
}

/** y[n,p,q,c] = maximum of the window; of equal elements, and before NaN, the first counts. */
export function maxOf2x2(x: usize, y: usize, images: i32, P: i32, Q: i32, C: i32): void {
  const pixelBytes = (<usize>C) << 2;
  const rowBytes = <usize>(2 * Q) * pixelBytes;
  for (let row = images * P; row > 0; row--) {
    for (let q = 0; q < Q; q++) {
      for (let c = 0; c < C; c += 4) {
        const at = (<usize>min(c, C - 4)) << 2;
        const from = x + at;
        let best = v128.load(from);
        best = v128.pmax<f32>(best, v128.load(from + pixelBytes));
        best = v128.pmax<f32>(best, v128.load(from + rowBytes));
        v128.store(y + at, v128.pmax<f32>(best, v128.load(from + rowBytes + pixelBytes)));
      }
      y += pixelBytes;
      x += 2 * pixelBytes;
    }
    x += rowBytes;
  }
}

/** dx: each dy goes to the first maximum of its window, 0 to the others. */
export function maxOf2x2Gradient(dy: usize, x: usize, dx: usize, images: i32, P: i32, Q: i32, C: i32): void {
  const pixelBytes = (<usize>C) << 2;
  const rowBytes = <usize>(2 * Q) * pixelBytes;
  for (let row = images * P; row > 0; row--) {
    for (let q = 0; q < Q; q++) {
      for (let c = 0; c < C; c += 4) {
        const at = (<usize>min(c, C - 4)) << 2;
        const from = x + at;
        const to = dx + at;
        const x0 = v128.load(from);
        const x1 = v128.load(from + pixelBytes);
        const x2 = v128.load(from + rowBytes);
        const x3 = v128.load(from + rowBytes + pixelBytes);
        const is1 = v128.gt<f32>(x1, x0);
        const best1 = v128.pmax<f32>(x0, x1);
        const is2 = v128.gt<f32>(x2, best1);
        const best2 = v128.pmax<f32>(best1, x2);
        const is3 = v128.gt<f32>(x3, best2);
        // Of -0 it makes the 0 that adding it to 0 would.
        const last = v128.add<f32>(v128.load(dy + at), v128.splat<f32>(0));
        v128.store(to + rowBytes + pixelBytes, v128.and(last, is3));
        const others = v128.andnot(last, is3);
        v128.store(to + rowBytes, v128.and(others, is2));
        const upper = v128.andnot(others, is2);
        v128.store(to + pixelBytes, v128.and(upper, is1));
        v128.store(to, v128.andnot(upper, is1));
      }
      dy += pixelBytes;
      x += 2 * pixelBytes;
      dx += 2 * pixelBytes;
    }
    x += rowBytes;
    dx += rowBytes;
  }
}
