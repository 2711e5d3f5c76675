import type { ReductionExports } from '../reduction/exports.js';

/** What assembly/index.ts exports. */
export type Exports = ReductionExports;
