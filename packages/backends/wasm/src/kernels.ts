import { defineKernels } from '@convoy/engine/kernels';
import { instantiate } from './module/instantiate.js';
import { treeSum } from './reduction/tree-sum.js';

export default defineKernels((context) => {
  const exports = instantiate(context);
  return {
    treeSum: treeSum(exports),
  };
});
