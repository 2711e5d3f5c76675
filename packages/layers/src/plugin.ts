import { definePlugin, type Plugin } from '@convoy/engine';
import { activation } from './activation.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pooling-op.js';
import { averagePooling2d, maxPooling2d } from './pooling.js';

/** All layers of this package and their ops; list it in `createEngine({ plugins })` to load saved models. */
export const layersPlugin: Plugin = definePlugin({
  name: 'layers',
  parts: [
    activation,
    dense,
    dropout,
    flatten,
    averagePooling2d,
    maxPooling2d,
    averagePool2d,
    averagePool2dGradient,
    maxPool2d,
    maxPool2dGradient,
  ],
});
