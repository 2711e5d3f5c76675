import { defineKernel, type NumberArray, type View } from '@convoy/engine/kernels';
import { eachVector } from './each-vector.js';

/** log Σ eˣ of `length` values from `at`. */
function logSumExp(x: NumberArray, at: number, length: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < length; j++) top = Math.max(top, x[at + j]);
  let sum = 0;
  for (let j = 0; j < length; j++) sum += Math.exp(x[at + j] - top);
  return top + Math.log(sum);
}

function lengthOf({ shape }: View): number {
  return shape.at(-1) as number;
}

/** loss = log Σ e^logits − logits[label], NaN for a label that is no class. */
export const sparseSoftmaxCrossEntropy = defineKernel({
  bind({ inputs, outputs }) {
    const [logits, { data: labels }] = inputs as [View, View];
    const [{ data: loss }] = outputs as [View];
    const { data: x } = logits;
    const length = lengthOf(logits);
    return eachVector(logits, (at, i) => {
      const label = labels[i];
      loss[i] = logSumExp(x, at, length) - (label >= 0 && label < length ? x[at + label] : Number.NaN);
    });
  },
});

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export const sparseSoftmaxCrossEntropyGradient = defineKernel({
  bind({ inputs, outputs }) {
    const [{ data: dy }, logits, { data: labels }] = inputs as [View, View, View];
    const [{ data: dx }] = outputs as [View];
    const { data: x } = logits;
    const length = lengthOf(logits);
    return eachVector(logits, (at, i) => {
      const norm = logSumExp(x, at, length);
      for (let j = 0; j < length; j++) {
        dx[at + j] = dy[i] * (Math.exp(x[at + j] - norm) - (j === labels[i] ? 1 : 0));
      }
    });
  },
});

/** loss = Σ targets · (log Σ e^logits − logits) */
export const softmaxCrossEntropy = defineKernel({
  bind({ inputs, outputs }) {
    const [logits, { data: targets }] = inputs as [View, View];
    const [{ data: loss }] = outputs as [View];
    const { data: x } = logits;
    const length = lengthOf(logits);
    return eachVector(logits, (at, i) => {
      const norm = logSumExp(x, at, length);
      let sum = 0;
      for (let j = 0; j < length; j++) sum += targets[at + j] * (norm - x[at + j]);
      loss[i] = sum;
    });
  },
});

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export const softmaxCrossEntropyGradient = defineKernel({
  bind({ inputs, outputs }) {
    const [{ data: dy }, logits, { data: targets }] = inputs as [View, View, View];
    const [{ data: dx }] = outputs as [View];
    const { data: x } = logits;
    const length = lengthOf(logits);
    return eachVector(logits, (at, i) => {
      const norm = logSumExp(x, at, length);
      let mass = 0;
      for (let j = 0; j < length; j++) mass += targets[at + j];
      for (let j = 0; j < length; j++) dx[at + j] = dy[i] * (Math.exp(x[at + j] - norm) * mass - targets[at + j]);
    });
  },
});
