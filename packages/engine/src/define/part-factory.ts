import { inPlace, ValueError } from '../errors.js';
import { describe } from './describe.js';
import { checkOptions } from './options.js';
import { asPart, type Part, type PartConfig, type PartKind } from './plugin.js';

/**
 * A part that is called with options and makes a value: an optimizer, a loss, an initializer. Options outside `known`
 * are refused; the value remembers what made it, so that a saved model can name it.
 */
export function partFactory<K extends PartKind, O extends object, T>(
  kind: K,
  name: string,
  known: readonly (keyof O & string)[],
  make: (options: Partial<O>, config: PartConfig) => T,
): ((options?: O) => T) & Part & { readonly kind: K } {
  checkPartName(kind, name);
  const made = asPart(kind, name, (options?: O): T => {
    const given: Partial<O> = options === undefined ? {} : options;
    checkOptions(name, given, known);
    return inPlace(`${kind} '${name}'`, () => make(given, { part: made, options: given }));
  });
  return made;
}

/** @throws ValueError: saved models and lookups go by name */
export function checkPartName(kind: PartKind, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new ValueError(`${kind}: its name must be a non-empty string, got ${describe(name)}`, 'PART_NAME');
}

/** What a rule gave, which must be a function. */
export function functionOf<F>(given: F): F {
  if (typeof given === 'function') return given;
  throw new ValueError(`its rule must return a function, got ${describe(given)}`, 'RULE');
}

/** What a rule gave, which must be an object with these functions. */
export function withFunctions<T extends object>(given: T, names: readonly (keyof T & string)[]): T {
  const value: T | null | undefined = given;
  if (typeof value !== 'object' || value === null) {
    throw new ValueError(`its rule must return an object with ${names.join(' and ')}, got ${describe(value)}`, 'RULE');
  }
  for (const name of names) {
    if (typeof value[name] === 'function') continue;
    throw new ValueError(`its rule's ${name} must be a function, got ${describe(value[name])}`, 'RULE');
  }
  return value;
}
