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
  const made = asPart(kind, name, (options?: O): T => {
    const given: Partial<O> = options ?? {};
    checkOptions(name, given, known);
    return make(given, { part: made, options: given });
  });
  return made;
}
