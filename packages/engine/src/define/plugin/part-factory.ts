import { inPlace, ValueError } from '../../errors.js';
import { describeValue } from './describe-value.js';
import { checkOptions } from './options.js';
import { asPart, checkName, type Part, type PartConfig, type PartKind } from './plugin.js';

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
  checkName(kind, name);
  const made = asPart(kind, name, (options?: O): T => {
    const given: Partial<O> = options === undefined ? {} : options;
    checkOptions(name, given, known);
    return inPlace(partPlace(kind, name), () => make(given, { part: made, options: given }));
  });
  return made;
}

function partPlace(kind: PartKind, name: string): string {
  return `${kind} '${name}'`;
}

/** The function that a rule gave; what it refuses names the part. */
export function namedRule<In, Out>(kind: PartKind, name: string, given: (input: In) => Out): (input: In) => Out {
  if (typeof given !== 'function') {
    throw new ValueError(`its rule must return a function, got ${describeValue(given)}`, 'RULE');
  }
  return (input) => inPlace(partPlace(kind, name), () => given(input));
}

/** What a rule gave, which must be an object with these functions. */
export function withFunctions<T extends object>(given: T, names: readonly (keyof T & string)[]): T {
  const value: T | null | undefined = given;
  if (typeof value !== 'object' || value === null) {
    throw new ValueError(
      `its rule must return an object with ${names.join(' and ')}, got ${describeValue(value)}`,
      'RULE',
    );
  }
  for (const name of names) {
    if (typeof value[name] === 'function') continue;
    throw new ValueError(`its rule's ${name} must be a function, got ${describeValue(value[name])}`, 'RULE');
  }
  return value;
}
