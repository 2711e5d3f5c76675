export { adam, type AdamOptions } from './adam.js';
export { optimizersPlugin } from './plugin.js';
export * as schedules from './schedules.js';
export type { LinearDecayOptions, OneCycleOptions } from './schedules.js';
export { sgd, type SgdOptions } from './sgd.js';
