/** Vectors of logits, computed in double precision and rounded once. */
import { exp64 } from '../math/double';

/** eˣ / Σeˣ of each vector, the maximum taken off first. */
export function softmax(x: usize, y: usize, vectors: i32, length: i32): void {
  for (let i = 0; i < vectors; i++) {
    const top = largest(x, length);
    let sum: f64 = 0;
    for (let j = 0; j < length; j++) sum += exp64(<f64>load<f32>(x + ((<usize>j) << 2)) - top);
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      store<f32>(y + at, <f32>(exp64(<f64>load<f32>(x + at) - top) / sum));
    }
    x += (<usize>length) << 2;
    y += (<usize>length) << 2;
  }
}

/** dx = (dy − Σ dy·y) · y of each vector. */
export function softmaxGradient(dy: usize, y: usize, dx: usize, vectors: i32, length: i32): void {
  for (let i = 0; i < vectors; i++) {
    let dot: f64 = 0;
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      dot += <f64>load<f32>(dy + at) * <f64>load<f32>(y + at);
    }
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      store<f32>(dx + at, <f32>((<f64>load<f32>(dy + at) - dot) * <f64>load<f32>(y + at)));
    }
    dy += (<usize>length) << 2;
    y += (<usize>length) << 2;
    dx += (<usize>length) << 2;
  }
}

/** Infinite or NaN if an element is. */
export function largest(x: usize, length: i32): f64 {
  let top: f64 = -Infinity;
  for (let j = 0; j < length; j++) top = max<f64>(top, <f64>load<f32>(x + ((<usize>j) << 2)));
  return top;
}
