import { defineKernels } from '@convoy/engine/kernels';
import { conv2dFilterGradient } from './convolution/filter-gradient.js';
import { conv2d } from './convolution/forward.js';
import { conv2dInputGradient } from './convolution/input-gradient.js';
import { elementwise } from './elementwise/elementwise.js';
import { matmul } from './matrix/matmul.js';
import { concat, pad, slice, transpose } from './pieces/pieces.js';
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pooling/pooling.js';
import { randomUniform } from './random/uniform.js';
import { argMax, oneHot } from './reduction/classes.js';
import { reduceMax, reduceSum } from './reduction/reduce.js';
import { treeSum } from './reduction/tree-sum.js';
import {
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softmaxGradient,
  sparseSoftmaxCrossEntropy,
  sparseSoftmaxCrossEntropyGradient,
} from './softmax/softmax.js';

export default defineKernels(() => ({
  argMax,
  averagePool2d,
  averagePool2dGradient,
  concat,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  elementwise,
  matmul,
  maxPool2d,
  maxPool2dGradient,
  oneHot,
  pad,
  randomUniform,
  reduceMax,
  reduceSum,
  slice,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softmaxGradient,
  sparseSoftmaxCrossEntropy,
  sparseSoftmaxCrossEntropyGradient,
  transpose,
  treeSum,
}));
