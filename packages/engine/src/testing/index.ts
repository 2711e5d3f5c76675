/**
 * The suite that proves a backend, and its cases for the engine's own ops.
 *
 * @packageDocumentation
 */
export { conformance, type Check, type ConformanceOptions } from './conformance.js';
export type { CaseInput, MadeValues, OpCase } from './op-case.js';
export { standardCases } from './standard-cases.js';
