/**
 * The suite that proves a backend, its cases for the engine's own ops, and kernels without an engine around them.
 *
 * @packageDocumentation
 */
export { BareKernels, type BareCall } from './bare-kernels.js';
export { conformance, type Check, type ConformanceOptions } from './conformance.js';
export type { CaseInput, MadeValues, OpCase } from './op-case.js';
export { standardCases } from './standard-cases.js';
