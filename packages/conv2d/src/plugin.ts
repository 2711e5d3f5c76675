import { definePlugin, type Plugin } from '@convoy/engine';
import { conv2d as layer } from './layer.js';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from './op.js';

/** The Conv2D layer and its ops; list it in `createEngine({ plugins })` to load saved models. */
export const conv2dPlugin: Plugin = definePlugin({
  name: 'conv2d',
  parts: [layer, conv2d, conv2dInputGradient, conv2dFilterGradient],
});
