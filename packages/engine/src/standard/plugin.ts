import { definePlugin, isPart, type Plugin } from '../define/plugin/plugin.js';
import * as constraints from './constraints.js';
import * as initializers from './initializers/index.js';
import * as losses from './losses.js';
import * as metrics from './metrics.js';
import * as ops from './ops/index.js';
import * as regularizers from './regularizers.js';

/** The engine's own ops, initializers, losses and metrics, through the door that every plugin uses. */
export const standard: Plugin = definePlugin({
  name: 'engine/standard',
  parts: [ops, constraints, initializers, losses, metrics, regularizers].flatMap((module) =>
    Object.values<unknown>(module).filter(isPart),
  ),
});
