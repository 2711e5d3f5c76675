/**
 * The Conv2D layer of TensorFlow 1.7, and its ops.
 *
 * @packageDocumentation
 */
export { conv2d, Conv2D } from './layer.js';
export type { Conv2DOptions } from './options.js';
/** The ops, callable on tensors: `ops.conv2d(x, filter, { strides: 2 })`. */
export * as ops from './op.js';
export type {
  FilterGradientAttributes,
  FilterGradientOptions,
  InputGradientAttributes,
  InputGradientOptions,
} from './op.js';
export { conv2dPlugin } from './plugin.js';
