import { defineKernels } from '@convoy/engine/kernels';
import { conv2dFilterGradient } from './convolution/filter-gradient.js';
import { conv2d } from './convolution/forward.js';
import { conv2dInputGradient } from './convolution/input-gradient.js';
import { matmul } from './matrix/matmul.js';
import { instantiate } from './module/instantiate.js';
import { treeSum } from './reduction/tree-sum.js';

export default defineKernels((context) => {
  const exports = instantiate(context);
  return {
    conv2d: conv2d(exports),
    conv2dFilterGradient: conv2dFilterGradient(exports),
    conv2dInputGradient: conv2dInputGradient(exports),
    matmul: matmul(exports),
    treeSum: treeSum(exports),
  };
});
