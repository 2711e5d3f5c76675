import * as ops from '../standard/ops/index.js';
import type { CaseInput, OpCase } from './op-case.js';

const row: CaseInput = { shape: [null, 150] };
const distinctRow: CaseInput = { ...row, values: { kind: 'distinct' } };
const labels: CaseInput = { shape: [null], values: { kind: 'labels', below: 150 } };
const targets: CaseInput = { ...row, values: { kind: 'uniform', low: 0.2, high: 2 } };

/** Reductions over more elements than one thread of a device takes alone: by several, whose number does not divide them. */
export const longAxisCases: readonly OpCase[] = [
  { name: 'reduceSum x[batch,150] over last', inputs: [row], build: (x) => ops.reduceSum(x, { axes: [-1] }) },
  { name: 'reduceSum x[batch,1300] over all', inputs: [{ shape: [null, 1300] }], build: (x) => ops.reduceSum(x) },
  { name: 'reduceMax x[batch,150] over last', inputs: [distinctRow], build: (x) => ops.reduceMax(x, { axes: [-1] }) },
  { name: 'softmax x[batch,150]', inputs: [row], build: (x) => ops.softmax(x) },
  { name: 'softmax x[2,70]', inputs: [{ shape: [2, 70] }], build: (x) => ops.softmax(x) },
  {
    name: 'softmaxGradient dy[batch,150] y[batch,150]',
    inputs: [row, row],
    build: (dy, y) => ops.softmaxGradient(dy, y),
  },
  {
    name: 'sparseSoftmaxCrossEntropy logits[batch,150] labels[batch]',
    inputs: [row, labels],
    build: (x, y) => ops.sparseSoftmaxCrossEntropy(x, y),
  },
  {
    name: 'sparseSoftmaxCrossEntropyGradient dy[batch] logits[batch,150] labels[batch]',
    inputs: [{ shape: [null] }, row, labels],
    build: (dy, x, y) => ops.sparseSoftmaxCrossEntropyGradient(dy, x, y),
  },
  {
    name: 'softmaxCrossEntropy logits[batch,150] targets[batch,150]',
    inputs: [row, targets],
    build: (x, y) => ops.softmaxCrossEntropy(x, y),
  },
  {
    name: 'softmaxCrossEntropyGradient dy[batch] logits[batch,150] targets[batch,150]',
    inputs: [{ shape: [null] }, row, targets],
    build: (dy, x, y) => ops.softmaxCrossEntropyGradient(dy, x, y),
  },
];
