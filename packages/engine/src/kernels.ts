/** What a kernel module imports: the contract of kernels and the generator of random numbers. */
export * from './define/kernel.js';
export * from './define/expression.js';
export { threefry2x32 } from './random/threefry.js';
