/** Softmax and cross-entropy in one, from logits: exact where softmax alone would round to 0 or 1. */
import { defineOp, type Op } from '../../define/op/op.js';
import { formatShape, sameShape, type Shape } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { ValueError } from '../../errors.js';
import { add, reduceSum, reshape } from './chain-rule.js';
import { exp, log, mul, sub } from './arithmetic.js';
import { oneHot } from './one-hot.js';
import { reduceMax } from './reductions.js';
import { softmax } from './softmax.js';

const last = { axes: [-1], keepDims: true };

/** log Σ eˣ over the last axis, kept with length 1. */
function logSumExp(x: SymbolicTensor): SymbolicTensor {
  const top = reduceMax(x, last);
  return add(top, log(reduceSum(exp(sub(x, top)), last)));
}

function checkTargets(logits: Shape, expected: Shape, targets: Shape): void {
  if (sameShape(expected, targets)) return;
  throw new ValueError(
    `logits ${formatShape(logits)} go with targets ${formatShape(expected)}, got ${formatShape(targets)}`,
    'SHAPE_MISMATCH',
  );
}

/** loss = log Σ e^logits − logits[label]; logits [.., classes], integer labels [..]. */
export const sparseSoftmaxCrossEntropy: Op<[logits: SymbolicTensor, labels: SymbolicTensor]> = defineOp<
  [logits: SymbolicTensor, labels: SymbolicTensor]
>('sparseSoftmaxCrossEntropy', {
  attributes: takes(2),
  shape([logits, labels]) {
    checkTargets(logits, logits.slice(0, -1), labels);
    return labels;
  },
  lower([logits, labels]) {
    const hit = oneHot(labels, { depth: logits.shape.at(-1) as number });
    return sub(reshape(logSumExp(logits), { shape: labels.shape }), reduceSum(mul(logits, hit), { axes: [-1] }));
  },
  gradient: (dy, [logits, labels]) => [sparseSoftmaxCrossEntropyGradient(dy, logits, labels), null],
});

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export const sparseSoftmaxCrossEntropyGradient: Op<
  [dy: SymbolicTensor, logits: SymbolicTensor, labels: SymbolicTensor]
> = defineOp<[dy: SymbolicTensor, logits: SymbolicTensor, labels: SymbolicTensor]>(
  'sparseSoftmaxCrossEntropyGradient',
  {
    attributes: takes(3),
    shape: ([, logits]) => logits,
    lower([dy, logits, labels]) {
      const hit = oneHot(labels, { depth: logits.shape.at(-1) as number });
      return mul(reshape(dy, { shape: [...dy.shape, 1] }), sub(softmax(logits), hit));
    },
  },
);

/** loss = Σ targets · (log Σ e^logits − logits) over the last axis; both [.., classes]. */
export const softmaxCrossEntropy: Op<[logits: SymbolicTensor, targets: SymbolicTensor]> = defineOp<
  [logits: SymbolicTensor, targets: SymbolicTensor]
>('softmaxCrossEntropy', {
  attributes: takes(2),
  shape([logits, targets]) {
    checkTargets(logits, logits, targets);
    return logits.slice(0, -1);
  },
  lower: ([logits, targets]) => reduceSum(mul(targets, sub(logSumExp(logits), logits)), { axes: [-1] }),
  gradient: (dy, [logits, targets]) => [
    softmaxCrossEntropyGradient(dy, logits, targets),
    mul(reshape(dy, { shape: [...dy.shape, 1] }), sub(logSumExp(logits), logits)),
  ],
});

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export const softmaxCrossEntropyGradient: Op<[dy: SymbolicTensor, logits: SymbolicTensor, targets: SymbolicTensor]> =
  defineOp<[dy: SymbolicTensor, logits: SymbolicTensor, targets: SymbolicTensor]>('softmaxCrossEntropyGradient', {
    attributes: takes(3),
    shape: ([, logits]) => logits,
    lower([dy, logits, targets]) {
      const difference = sub(mul(softmax(logits), reduceSum(targets, last)), targets);
      return mul(reshape(dy, { shape: [...dy.shape, 1] }), difference);
    },
  });
