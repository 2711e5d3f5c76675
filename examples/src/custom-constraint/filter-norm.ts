import { defineConstraint, definePlugin, div, max, mul, reduceSum, sqrt, square } from '@convoy/engine';

/** Keeps the Euclidean norm of each filter of a kernel [height, width, channels, filters] at `limit` or below. */
export const filterNorm = defineConstraint<{ limit: number }>(
  'filterNorm',
  ({ limit = 1 }) =>
    (kernel) => {
      const norms = sqrt(reduceSum(square(kernel), { axes: [0, 1, 2], keepDims: true }));
      return mul(kernel, div(limit, max(norms, limit)));
    },
  ['limit'],
);

/** Lets layers name it (`kernelConstraint: 'filterNorm'`) and saved models find it again. */
export const filterNormPlugin = definePlugin({ name: 'filter-norm', parts: [filterNorm] });
