export { conformance, type Check, type ConformanceOptions } from './conformance.js';
export type { CaseInput, MadeValues, OpCase } from './op-case.js';
export { standardCases } from './standard-cases.js';
