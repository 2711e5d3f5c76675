import { defineKernel, rows, type NumberArray, type View } from '@convoy/engine/kernels';
import { vectorsPerRow } from './softmax.js';

/** log Σ eˣ of `length` values from `at`. */
function logSumExp(x: NumberArray, at: number, length: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < length; j++) top = Math.max(top, x[at + j]);
  let sum = 0;
  for (let j = 0; j < length; j++) sum += Math.exp(x[at + j] - top);
  return top + Math.log(sum);
}

/** loss = log Σ e^logits − logits[label] */
export const sparseSoftmaxCrossEntropy = defineKernel({
  bind({ inputs, outputs }) {
    const [logits, labels] = inputs as [View, View];
    const [loss] = outputs as [View];
    const length = logits.shape.at(-1) as number;
    const perRow = vectorsPerRow(logits);
    return (run) => {
      const count = rows(logits, run) * perRow;
      for (let i = 0; i < count; i++) {
        const at = i * length;
        loss.data[i] = logSumExp(logits.data, at, length) - logits.data[at + labels.data[i]];
      }
    };
  },
});

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export const sparseSoftmaxCrossEntropyGradient = defineKernel({
  bind({ inputs, outputs }) {
    const [dy, logits, labels] = inputs as [View, View, View];
    const [dx] = outputs as [View];
    const length = logits.shape.at(-1) as number;
    const perRow = vectorsPerRow(logits);
    return (run) => {
      const count = rows(logits, run) * perRow;
      for (let i = 0; i < count; i++) {
        const at = i * length;
        const norm = logSumExp(logits.data, at, length);
        const label = labels.data[i];
        const scale = dy.data[i];
        for (let j = 0; j < length; j++) {
          dx.data[at + j] = scale * (Math.exp(logits.data[at + j] - norm) - (j === label ? 1 : 0));
        }
      }
    };
  },
});

/** loss = Σ targets · (log Σ e^logits − logits) */
export const softmaxCrossEntropy = defineKernel({
  bind({ inputs, outputs }) {
    const [logits, targets] = inputs as [View, View];
    const [loss] = outputs as [View];
    const length = logits.shape.at(-1) as number;
    const perRow = vectorsPerRow(logits);
    return (run) => {
      const count = rows(logits, run) * perRow;
      for (let i = 0; i < count; i++) {
        const at = i * length;
        const norm = logSumExp(logits.data, at, length);
        let sum = 0;
        for (let j = 0; j < length; j++) sum += targets.data[at + j] * (norm - logits.data[at + j]);
        loss.data[i] = sum;
      }
    };
  },
});

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export const softmaxCrossEntropyGradient = defineKernel({
  bind({ inputs, outputs }) {
    const [dy, logits, targets] = inputs as [View, View, View];
    const [dx] = outputs as [View];
    const length = logits.shape.at(-1) as number;
    const perRow = vectorsPerRow(logits);
    return (run) => {
      const count = rows(logits, run) * perRow;
      for (let i = 0; i < count; i++) {
        const at = i * length;
        const norm = logSumExp(logits.data, at, length);
        const scale = dy.data[i];
        let mass = 0;
        for (let j = 0; j < length; j++) mass += targets.data[at + j];
        for (let j = 0; j < length; j++) {
          const share = Math.exp(logits.data[at + j] - norm) * mass;
          dx.data[at + j] = scale * (share - targets.data[at + j]);
        }
      }
    };
  },
});
