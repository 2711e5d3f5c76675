/** Cross-entropy of vectors of logits and its gradient, in double precision and rounded once. */
import { labelAt } from '../label-at';
import { exp64, log64 } from '../math/double';
import { largest } from './softmax';

function logSumExp(x: usize, length: i32): f64 {
  const top = largest(x, length);
  let sum: f64 = 0;
  for (let j = 0; j < length; j++) sum += exp64(<f64>load<f32>(x + ((<usize>j) << 2)) - top);
  return top + log64(sum);
}

/** loss = log Σ e^logits − logits[label], NaN for a label that is no class. */
export function sparseCrossEntropy(x: usize, labels: usize, loss: usize, vectors: i32, length: i32): void {
  for (let i = 0; i < vectors; i++) {
    const label = labelAt(labels, i);
    const isClass = label >= 0 && label < length;
    const chosen = isClass ? <f64>load<f32>(x + ((<usize>label) << 2)) : NaN;
    store<f32>(loss + ((<usize>i) << 2), <f32>(logSumExp(x, length) - chosen));
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
): void {
  for (let i = 0; i < vectors; i++) {
    const norm = logSumExp(x, length);
    const scale = <f64>load<f32>(dy + ((<usize>i) << 2));
    const label = labelAt(labels, i);
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      const share = exp64(<f64>load<f32>(x + at) - norm) - (j == label ? 1 : 0);
      store<f32>(dx + at, <f32>(scale * share));
    }
    x += (<usize>length) << 2;
    dx += (<usize>length) << 2;
  }
}

/** loss = Σ targets · (log Σ e^logits − logits) */
export function crossEntropy(x: usize, targets: usize, loss: usize, vectors: i32, length: i32): void {
  for (let i = 0; i < vectors; i++) {
    const norm = logSumExp(x, length);
    let sum: f64 = 0;
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      sum += <f64>load<f32>(targets + at) * (norm - <f64>load<f32>(x + at));
    }
    store<f32>(loss + ((<usize>i) << 2), <f32>sum);
    x += (<usize>length) << 2;
    targets += (<usize>length) << 2;
  }
}

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export function crossEntropyGradient(dy: usize, x: usize, targets: usize, dx: usize, vectors: i32, length: i32): void {
  for (let i = 0; i < vectors; i++) {
    const norm = logSumExp(x, length);
    const scale = <f64>load<f32>(dy + ((<usize>i) << 2));
    let mass: f64 = 0;
    for (let j = 0; j < length; j++) mass += <f64>load<f32>(targets + ((<usize>j) << 2));
    for (let j = 0; j < length; j++) {
      const at = (<usize>j) << 2;
      const share = exp64(<f64>load<f32>(x + at) - norm) * mass - <f64>load<f32>(targets + at);
      store<f32>(dx + at, <f32>(scale * share));
    }
    x += (<usize>length) << 2;
    targets += (<usize>length) << 2;
    dx += (<usize>length) << 2;
  }
}
