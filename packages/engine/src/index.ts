export * from './errors.js';
export * from './standard/ops/index.js';
export * as initializers from './standard/initializers/index.js';
export * as losses from './standard/losses.js';
export * as metrics from './standard/metrics.js';
