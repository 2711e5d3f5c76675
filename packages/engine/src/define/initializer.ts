import { namedRule, partFactory } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';

/** Numbers that depend on the seed, the variable's name and the index alone, never on the order of calls. */
export interface RandomSource {
  /** Uniform in [0, 1) with 53 bits. */
  uniform(index: number): number;
  /** Standard normal. */
  normal(index: number): number;
}

/** What an initializer sees of the variable that it fills. */
export interface InitializerInput {
  /** Full shape of the variable. */
  readonly shape: readonly number[];
  /** Of the engine's seed and the variable's name. */
  readonly random: RandomSource;
}

/** Makes the initial values of a variable, as plain numbers and not in ops. */
export interface Initializer {
  /** The values in C order. */
  values(input: InitializerInput): Float32Array;
  /** The factory that made it and its options, for saving; null for a bare function. */
  readonly config: PartConfig | null;
}

/** Makes an initializer of its options. Made by `defineInitializer`, listed in a plugin. */
export interface InitializerFactory<O extends object> extends Part {
  (options?: O): Initializer;
}

/**
 * Makes an initializer of its rule; `known` lists its options.
 *
 * ```ts
 * export const ones = defineInitializer('ones', () => ({ shape }) => filled(shape, 1));
 * ```
 */
export function defineInitializer<O extends object = object>(
  name: string,
  rule: (options: Partial<O>) => (input: InitializerInput) => Float32Array,
  known: readonly (keyof O & string)[] = [],
): InitializerFactory<O> {
  return partFactory<'initializer', O, Initializer>('initializer', name, known, (options, config) => ({
    values: namedRule('initializer', name, rule(options)),
    config,
  }));
}
