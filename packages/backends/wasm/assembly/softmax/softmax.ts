/**
 * Vectors of logits, computed in double precision and rounded once. The flags at the end say which of the inputs, in their order, hold
 * int32.
 */
import { numberAt } from '../elements';
import { exp64 } from '../math/double';

/** eˣ / Σeˣ of each vector, the maximum taken off first. */
export function softmax(x: usize, y: usize, vectors: i32, length: i32, isInt32: bool): void {
  for (let i = 0; i < vectors; i++) {
    const top = largest(x, length, isInt32);
    let sum: f64 = 0;
    for (let j = 0; j < length; j++) sum += exp64(numberAt(x + ((<usize>j) << 2), isInt32) - top);
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      store<f32>(y + at, <f32>(exp64(numberAt(x + at, isInt32) - top) / sum));
    }
    x += (<usize>length) << 2;
    y += (<usize>length) << 2;
  }
}

/** dx = (dy − Σ dy·y) · y of each vector. */
export function softmaxGradient(
  dy: usize,
  y: usize,
  dx: usize,
  vectors: i32,
  length: i32,
  isInt32Dy: bool,
  isInt32Y: bool,
): void {
  for (let i = 0; i < vectors; i++) {
    let dot: f64 = 0;
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      dot += numberAt(dy + at, isInt32Dy) * numberAt(y + at, isInt32Y);
    }
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      store<f32>(dx + at, <f32>((numberAt(dy + at, isInt32Dy) - dot) * numberAt(y + at, isInt32Y)));
    }
    dy += (<usize>length) << 2;
    y += (<usize>length) << 2;
    dx += (<usize>length) << 2;
  }
}

/** Infinite or NaN if an element is. */
export function largest(x: usize, length: i32, isInt32: bool): f64 {
  let top: f64 = -Infinity;
  for (let j = 0; j < length; j++) top = max<f64>(top, numberAt(x + ((<usize>j) << 2), isInt32));
  return top;
}
