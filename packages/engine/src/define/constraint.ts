import { asPart, type Part, type PartConfig } from './plugin.js';
import type { SymbolicTensor } from './symbolic-tensor.js';

/** From the value after an update to the value that is kept; same shape, written in ops. */
export interface Constraint {
  project(value: SymbolicTensor): SymbolicTensor;
  /** The factory that made it and its options, for saving; null for a bare function. */
  readonly config: PartConfig | null;
}

export interface ConstraintFactory<O extends object> extends Part {
  (options?: O): Constraint;
}

/**
 * ```ts
 * export const nonNeg = defineConstraint('nonNeg', () => (w) => max(w, 0));
 * ```
 */
export function defineConstraint<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => (value: SymbolicTensor) => SymbolicTensor,
): ConstraintFactory<O> {
  const made: ConstraintFactory<O> = asPart('constraint', name, (options: Partial<O> = {}) => ({
    project: rule(options),
    config: { part: made, options },
  }));
  return made;
}
