/**
 * The maximum of a window, rows [h0, h1) and columns [w0, w1) of an image [H][W][C], and its gradient; four channels at a time. Of equal
 * elements, and before NaN, the first counts.
 */

/** y[c] = maximum. */
export function firstMaximum(image: usize, y: usize, W: i32, C: i32, h0: i32, h1: i32, w0: i32, w1: i32): void {
  const pixelBytes = (<usize>C) << 2;
  const first = image + <usize>(h0 * W + w0) * pixelBytes;
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const at = (<usize>c) << 2;
    let best = v128.load(first + at);
    for (let h = h0; h < h1; h++) {
      for (let w = w0; w < w1; w++) {
        const value = v128.load(image + <usize>(h * W + w) * pixelBytes + at);
        best = v128.pmax<f32>(best, value);
      }
    }
    v128.store(y + at, best);
  }
  for (; c < C; c++) {
    const at = (<usize>c) << 2;
    let best = load<f32>(first + at);
    for (let h = h0; h < h1; h++) {
      for (let w = w0; w < w1; w++) {
        const value = load<f32>(image + <usize>(h * W + w) * pixelBytes + at);
        best = value > best ? value : best;
      }
    }
    store<f32>(y + at, best);
  }
}

/** dx: dy goes to the first maximum of each channel. */
export function toFirstMaximum(
  dy: usize,
  x: usize,
  dx: usize,
  W: i32,
  C: i32,
  h0: i32,
  h1: i32,
  w0: i32,
  w1: i32,
): void {
  const pixelBytes = (<usize>C) << 2;
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const at = (<usize>c) << 2;
    fourToMaximum(v128.load(dy + at), x + at, dx + at, W, pixelBytes, h0, h1, w0, w1);
  }
  for (; c < C; c++) {
    const at = (<usize>c) << 2;
    let best = <usize>(h0 * W + w0) * pixelBytes;
    for (let h = h0; h < h1; h++) {
      for (let w = w0; w < w1; w++) {
        const index = <usize>(h * W + w) * pixelBytes;
        if (load<f32>(x + at + index) > load<f32>(x + at + best)) best = index;
      }
    }
    const to = dx + at + best;
    store<f32>(to, load<f32>(to) + load<f32>(dy + at));
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
      best = v128.pmax<f32>(best, value);
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
