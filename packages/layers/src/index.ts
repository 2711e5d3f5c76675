/**
 * Layers beside the convolution: dense, activation, flatten, dropout and pooling.
 *
 * @packageDocumentation
 */
export { activation, Activation, type ActivationOptions } from './activation.js';
export { dense, Dense, type DenseOptions } from './dense.js';
export { dropout, Dropout, type DropoutOptions } from './dropout.js';
export { flatten, Flatten } from './flatten.js';
export { layersPlugin } from './plugin.js';
export { averagePooling2d, AveragePooling2D, maxPooling2d, MaxPooling2D, type Pooling2dOptions } from './pooling.js';
/** The ops, callable on tensors: `ops.maxPool2d(x, { poolSize: 2 })`. */
export * as ops from './pooling-op.js';
export type { PoolAttributes, PoolGradientAttributes, PoolGradientOptions, PoolOptions } from './pooling-op.js';
