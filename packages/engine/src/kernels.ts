/**
 * For backends and plugins with kernels of their own: the contract between the engine and kernels, and what kernels
 * share. A kernel module does nothing on import and default-exports `defineKernels(...)`; every thread that computes
 * imports it by URL and binds its kernels.
 *
 * @packageDocumentation
 */
export {
  defineKernel,
  defineKernels,
  rows,
  rowSize,
  type BoundKernel,
  type Epilogue,
  type Kernel,
  type KernelCall,
  type KernelContext,
  type KernelFactory,
  type KernelTable,
  type NumberArray,
  type PlannedCall,
  type Run,
  type SharedMemory,
  type View,
} from './define/op/kernel.js';
export type { ElementwiseAttributes, Expression, ExpressionStep } from './define/op/expression.js';
export { isSplit, loopNest, type Loop, type LoopNest } from './define/op/loop-nest.js';
export { sizeOf, stridesOf } from './define/op/shape.js';
export { threefry2x32 } from './random/threefry.js';
