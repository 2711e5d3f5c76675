import { defineKernel, rows, rowSize, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
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

/** A kernel over the vectors of the last axis of the input number `vectors`, told which of its inputs hold integers. */
function vectorKernel(compute: (...numbers: number[]) => void, vectors: number): Kernel {
  return defineKernel({
    bind({ inputs, outputs }): BoundKernel {
      const view = inputs[vectors];
      const { perRow, length, isSingle } = vectorsOf(view);
      const addresses = [...inputs, ...outputs].map(({ data }) => addressOf(data));
      const flags = inputs.map(({ data }) => (data instanceof Int32Array ? 1 : 0));
      const numbers = [...addresses, 0, length, ...flags];
      return (run) => {
        numbers[addresses.length] = isSingle ? 1 : rows(view, run) * perRow;
        compute(...numbers);
      };
    },
  });
}

/** How a view is made of vectors along its last axis. */
export function vectorsOf(view: View): { perRow: number; length: number; isSingle: boolean } {
  const length = view.shape.at(-1) ?? 1;
  const isSingle = view.shape.length <= 1;
  return { perRow: isSingle || length === 0 ? 1 : rowSize(view) / length, length, isSingle };
}
