/** How a value stands in a message: `string '3'`, `Array [3, 3]`, `Uint8Array`, a factory with the hint to call it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return describeFunction(value);
  if (Array.isArray(value)) return `Array ${brief(value)}`;
  return typeof value === 'object' ? brief(value) : `${typeof value} ${brief(value)}`;
}

function describeFunction(value: { readonly name: string }): string {
  if ('kind' in value && typeof value.kind === 'string') {
    return value.kind === 'op'
      ? `op '${value.name}'`
      : `the ${value.kind} factory '${value.name}', which must be called: ${value.name}()`;
  }
  return value.name === '' ? 'a function' : `function '${value.name}'`;
}

/** Items and keys shown of a list or object. */
const SHOWN = 6;
const LONGEST_TEXT = 40;

function brief(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `'${value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value}'`;
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    return depth > 2 ? '[…]' : `[${listed(value.slice(0, SHOWN + 1).map((item: unknown) => brief(item, depth + 1)))}]`;
  }
  const { name = 'Object' } = (Object.getPrototypeOf(value) as object | null)?.constructor ?? {};
  return name === 'Object' ? `object {${listed(Object.keys(value))}}` : name;
}

function listed(items: readonly string[]): string {
  return [...items.slice(0, SHOWN), ...(items.length > SHOWN ? ['…'] : [])].join(', ');
}
