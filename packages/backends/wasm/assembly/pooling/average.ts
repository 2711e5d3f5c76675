/** The mean of a window, rows [h0, h1) and columns [w0, w1) of an image [H][W][C], and its gradient; four channels at a time. */

/** y[c] = mean. */
export function mean(image: usize, y: usize, W: i32, C: i32, h0: i32, h1: i32, w0: i32, w1: i32): void {
  const pixelBytes = (<usize>C) << 2;
  const count = <f32>((h1 - h0) * (w1 - w0));
  let c = 0;
  for (; c + 4 <= C; c += 4) {
    const at = (<usize>c) << 2;
    let sum = v128.splat<f32>(0);
    for (let h = h0; h < h1; h++) {
      for (let w = w0; w < w1; w++) {
        sum = v128.add<f32>(sum, v128.load(image + <usize>(h * W + w) * pixelBytes + at));
      }
    }
    v128.store(y + at, v128.div<f32>(sum, v128.splat<f32>(count)));
  }
  for (; c < C; c++) {
    const at = (<usize>c) << 2;
    let sum: f32 = 0;
    for (let h = h0; h < h1; h++) {
      for (let w = w0; w < w1; w++) sum += load<f32>(image + <usize>(h * W + w) * pixelBytes + at);
    }
    store<f32>(y + at, sum / count);
  }
}

/** dx: dy is shared out evenly over the elements of the window. */
export function shareOut(dy: usize, image: usize, W: i32, C: i32, h0: i32, h1: i32, w0: i32, w1: i32): void {
  const count = <f32>((h1 - h0) * (w1 - w0));
  for (let h = h0; h < h1; h++) {
    for (let w = w0; w < w1; w++) addShare(dy, count, C, image + ((<usize>((h * W + w) * C)) << 2));
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
