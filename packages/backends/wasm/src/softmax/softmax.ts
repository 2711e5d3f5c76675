import { defineKernel, rows, type BoundKernel, type Kernel } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { vectorsOf } from '../vectors.js';
import type { SoftmaxExports } from './exports.js';

/** eˣ / Σeˣ over the last axis, the maximum taken off first. */
export const softmax = (exports: SoftmaxExports): Kernel => vectorKernel(exports.softmax, 0);

/** dx = (dy − Σ dy·y) · y over the last axis. */
export const softmaxGradient = (exports: SoftmaxExports): Kernel => vectorKernel(exports.softmaxGradient, 1);

/** loss = log Σ e^logits − logits[label] */
export const sparseSoftmaxCrossEntropy = (exports: SoftmaxExports): Kernel =>
  vectorKernel(exports.sparseCrossEntropy, 0);

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export const sparseSoftmaxCrossEntropyGradient = (exports: SoftmaxExports): Kernel =>
  vectorKernel(exports.sparseCrossEntropyGradient, 1);

/** loss = Σ targets · (log Σ e^logits − logits) */
export const softmaxCrossEntropy = (exports: SoftmaxExports): Kernel => vectorKernel(exports.crossEntropy, 0);

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export const softmaxCrossEntropyGradient = (exports: SoftmaxExports): Kernel =>
  vectorKernel(exports.crossEntropyGradient, 1);

/** A kernel over the vectors of the last axis of the input number `vectors`. */
function vectorKernel(compute: (...numbers: number[]) => void, vectors: number): Kernel {
  return defineKernel({
    bind({ inputs, outputs }): BoundKernel {
      const view = inputs[vectors];
      const { perRow, length, isSingle } = vectorsOf(view);
      const addresses = [...inputs, ...outputs].map(({ data }) => addressOf(data));
      const numbers = [...addresses, 0, length];
      return (run) => {
        numbers[addresses.length] = isSingle ? 1 : rows(view, run) * perRow;
        compute(...numbers);
      };
    },
  });
}
