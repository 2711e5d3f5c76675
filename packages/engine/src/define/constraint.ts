import { namedRule, partFactory } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { SymbolicTensor } from './op/symbolic-tensor.js';

/** From the value after an update to the value that is kept; same shape, written in ops. */
export interface Constraint {
  /** Called when a program is made, never in a step. */
  project(value: SymbolicTensor): SymbolicTensor;
  /** The factory that made it and its options, for saving; null for a bare function. */
  readonly config: PartConfig | null;
}

/** Makes a constraint of its options. Made by `defineConstraint`, listed in a plugin. */
export interface ConstraintFactory<O extends object> extends Part {
  (options?: O): Constraint;
}

/**
 * Makes a constraint of its rule; `known` lists its options.
 *
 * ```ts
 * export const nonNeg = defineConstraint('nonNeg', () => (w) => max(w, 0));
 * ```
 */
export function defineConstraint<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => (value: SymbolicTensor) => SymbolicTensor,
  known: readonly (keyof O & string)[] = [],
): ConstraintFactory<O> {
  return partFactory<'constraint', O, Constraint>('constraint', name, known, (options, config) => ({
    project: namedRule('constraint', name, rule(options)),
    config,
  }));
}
