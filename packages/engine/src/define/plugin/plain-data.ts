/**
 * The first thing inside a value that is not accepted, with its path such as 'options.sizes[2]'; lists and plain
 * objects are looked through.
 */
export function firstForeign(
  path: string,
  value: unknown,
  accepts: (value: unknown) => boolean,
): { readonly path: string; readonly value: unknown } | null {
  if (Array.isArray(value)) return first(value.map((item, i) => [`${path}[${i}]`, item]));
  if (isPlainObject(value)) return first(Object.entries(value).map(([key, item]) => [`${path}.${key}`, item]));
  return accepts(value) ? null : { path, value };

  function first(items: readonly (readonly [path: string, value: unknown])[]) {
    for (const [at, item] of items) {
      const found = firstForeign(at, item, accepts);
      if (found) return found;
    }
    return null;
  }
}

/** What JSON can hold, undefined options and all numbers included. */
export function isJsonLeaf(value: unknown): value is string | number | boolean | null | undefined {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
