import { defineKernels } from '@convoy/engine/kernels';
import { conv2dFilterGradient } from './convolution/filter-gradient.js';
import { conv2d } from './convolution/forward.js';
import { conv2dInputGradient } from './convolution/input-gradient.js';
import { elementwise } from './elementwise/elementwise.js';
import { Epilogues } from './elementwise/epilogues.js';
import { Expressions } from './elementwise/expressions.js';
import { Finisher } from './elementwise/finisher.js';
import { matmul } from './matrix/matmul.js';
import { instantiate, type WasmOptions } from './module/instantiate.js';
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

export default defineKernels((context) => {
  const finisher = new Finisher();
  const exports = instantiate(context, finisher);
  const expressions = new Expressions(exports, context.memory);
  const epilogues = new Epilogues(expressions, exports, finisher);
  const { convolution } = context.options as WasmOptions;
  return {
    argMax: argMax(exports),
    averagePool2d: averagePool2d(exports),
    averagePool2dGradient: averagePool2dGradient(exports, epilogues),
    concat: concat(exports),
    conv2d: conv2d(exports, convolution, epilogues),
    conv2dFilterGradient: conv2dFilterGradient(exports, convolution, epilogues),
    conv2dInputGradient: conv2dInputGradient(exports, convolution, epilogues),
    elementwise: elementwise(expressions),
    matmul: matmul(exports, epilogues),
    maxPool2d: maxPool2d(exports),
    maxPool2dGradient: maxPool2dGradient(exports, epilogues),
    oneHot: oneHot(exports),
    pad: pad(exports),
    randomUniform: randomUniform(exports),
    reduceMax: reduceMax(exports),
    reduceSum: reduceSum(exports),
    slice: slice(exports),
    softmax: softmax(exports),
    softmaxCrossEntropy: softmaxCrossEntropy(exports),
    softmaxCrossEntropyGradient: softmaxCrossEntropyGradient(exports),
    softmaxGradient: softmaxGradient(exports),
    sparseSoftmaxCrossEntropy: sparseSoftmaxCrossEntropy(exports),
    sparseSoftmaxCrossEntropyGradient: sparseSoftmaxCrossEntropyGradient(exports),
    transpose: transpose(exports),
    treeSum: treeSum(exports),
  };
});
