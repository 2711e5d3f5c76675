import { definePlugin, type Plugin } from '@convoy/engine';
import { adam } from './adam.js';
import * as schedules from './schedules.js';
import { sgd } from './sgd.js';

/** Optimizers and schedules; list it in `createEngine({ plugins })` to name them or to load saved models. */
export const optimizersPlugin: Plugin = definePlugin({
  name: 'optimizers',
  parts: [sgd, adam, ...Object.values(schedules)],
});
