/**
 * Cross-entropy of vectors of logits and its gradient, in double precision and rounded once. The flags at the end say which of the
 * inputs, in their order, hold int32.
 */
import { labelAt, numberAt } from '../elements';
import { exp64, log64 } from '../math/double';
import { largest } from './softmax';

function logSumExp(x: usize, length: i32, isInt32: bool): f64 {
  const top = largest(x, length, isInt32);
  let sum: f64 = 0;
  for (let j = 0; j < length; j++) sum += exp64(numberAt(x + ((<usize>j) << 2), isInt32) - top);
  return top + log64(sum);
}

/** loss = log Σ e^logits − logits[label], NaN for a label that is no class. */
export function sparseCrossEntropy(
  x: usize,
  labels: usize,
  loss: usize,
  vectors: i32,
  length: i32,
  isInt32: bool,
  areIntegers: bool,
): void {
  for (let i = 0; i < vectors; i++) {
    const label = labelAt(labels, i, areIntegers);
    const isClass = label >= 0 && label < length;
    const chosen = isClass ? numberAt(x + ((<usize>label) << 2), isInt32) : NaN;
    store<f32>(loss + ((<usize>i) << 2), <f32>(logSumExp(x, length, isInt32) - chosen));
    x += (<usize>length) << 2;
  }
}

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export function sparseCrossEntropyGradient(
  dy: usize,
  x: usize,
  labels: usize,
  dx: usize,
  vectors: i32,
  length: i32,
  isInt32Dy: bool,
  isInt32: bool,
  areIntegers: bool,
): void {
  for (let i = 0; i < vectors; i++) {
    const norm = logSumExp(x, length, isInt32);
    const scale = numberAt(dy + ((<usize>i) << 2), isInt32Dy);
    const label = labelAt(labels, i, areIntegers);
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      const share = exp64(numberAt(x + at, isInt32) - norm) - (j == label ? 1 : 0);
      store<f32>(dx + at, <f32>(scale * share));
    }
    x += (<usize>length) << 2;
    dx += (<usize>length) << 2;
  }
}

/** loss = Σ targets · (log Σ e^logits − logits) */
export function crossEntropy(
  x: usize,
  targets: usize,
  loss: usize,
  vectors: i32,
  length: i32,
  isInt32: bool,
  isInt32Targets: bool,
): void {
  for (let i = 0; i < vectors; i++) {
    const norm = logSumExp(x, length, isInt32);
    let sum: f64 = 0;
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      sum += numberAt(targets + at, isInt32Targets) * (norm - numberAt(x + at, isInt32));
    }
    store<f32>(loss + ((<usize>i) << 2), <f32>sum);
    x += (<usize>length) << 2;
    targets += (<usize>length) << 2;
  }
}

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export function crossEntropyGradient(
  dy: usize,
  x: usize,
  targets: usize,
  dx: usize,
  vectors: i32,
  length: i32,
  isInt32Dy: bool,
  isInt32: bool,
  isInt32Targets: bool,
): void {
  for (let i = 0; i < vectors; i++) {
    const norm = logSumExp(x, length, isInt32);
    const scale = numberAt(dy + ((<usize>i) << 2), isInt32Dy);
    let mass: f64 = 0;
    for (let j = 0; j < length; j++) mass += numberAt(targets + ((<usize>j) << 2), isInt32Targets);
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      const share = exp64(numberAt(x + at, isInt32) - norm) * mass - numberAt(targets + at, isInt32Targets);
      store<f32>(dx + at, <f32>(scale * share));
    }
    x += (<usize>length) << 2;
    targets += (<usize>length) << 2;
    dx += (<usize>length) << 2;
  }
}
