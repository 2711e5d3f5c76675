import { defineKernels } from '@convoy/engine/kernels';
import { Accumulators } from './accumulators.js';
import { conv2dFilterGradient } from './convolution/filter-gradient.js';
import { conv2d } from './convolution/forward.js';
import { conv2dInputGradient } from './convolution/input-gradient.js';
import { elementwiseKernel } from './elementwise/elementwise.js';
import { matmul } from './matrix/matmul.js';
import { transpose } from './matrix/transpose.js';
import { averagePool2d, averagePool2dGradient } from './pooling/average.js';
import { maxPool2d, maxPool2dGradient } from './pooling/max.js';
import { concat, pad, slice } from './pieces/pieces.js';
import { randomUniform } from './random/uniform.js';
import { argMax } from './reduction/arg-max.js';
import { oneHot } from './reduction/one-hot.js';
import { reduceMax, reduceSum } from './reduction/reduce.js';
import { treeSum } from './reduction/tree-sum.js';
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  sparseSoftmaxCrossEntropy,
  sparseSoftmaxCrossEntropyGradient,
} from './softmax/cross-entropy.js';
import { softmax, softmaxGradient } from './softmax/softmax.js';

export default defineKernels(() => {
  const accumulators = new Accumulators();
  return {
    argMax,
    averagePool2d,
    averagePool2dGradient,
    concat,
    conv2d,
    conv2dFilterGradient: conv2dFilterGradient(accumulators),
    conv2dInputGradient,
    elementwise: elementwiseKernel(),
    matmul,
    maxPool2d,
    maxPool2dGradient,
    oneHot,
    pad,
    randomUniform,
    reduceMax: reduceMax(accumulators),
    reduceSum: reduceSum(accumulators),
    slice,
    softmax,
    softmaxCrossEntropy,
    softmaxCrossEntropyGradient,
    softmaxGradient,
    sparseSoftmaxCrossEntropy,
    sparseSoftmaxCrossEntropyGradient,
    transpose,
    treeSum,
  };
});
