/**
 * Optimizers, and schedules of their learning rate.
 *
 * @packageDocumentation
 */
export { adam, type AdamOptions } from './adam.js';
export { optimizersPlugin } from './plugin.js';
/** The learning rate as a function of the step: `sgd({ learningRate: schedules.oneCycle({ totalSteps: 1000 }) })`. */
export * as schedules from './schedules.js';
export type { LinearDecayOptions, OneCycleOptions } from './schedules.js';
export { sgd, type SgdOptions } from './sgd.js';
