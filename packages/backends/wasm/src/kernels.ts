import { defineKernels } from '@convoy/engine/kernels';
import { conv2dFilterGradient } from './convolution/filter-gradient.js';
import { conv2d } from './convolution/forward.js';
import { conv2dInputGradient } from './convolution/input-gradient.js';
import { elementwise } from './elementwise/elementwise.js';
import { matmul } from './matrix/matmul.js';
import { instantiate, type WasmOptions } from './module/instantiate.js';
import { treeSum } from './reduction/tree-sum.js';

export default defineKernels((context) => {
  const exports = instantiate(context);
  const { convolution } = context.options as WasmOptions;
  return {
    conv2d: conv2d(exports, convolution),
    conv2dFilterGradient: conv2dFilterGradient(exports, convolution),
    conv2dInputGradient: conv2dInputGradient(exports, convolution),
    elementwise: elementwise(exports, context.memory),
    matmul: matmul(exports),
    treeSum: treeSum(exports),
  };
});
