/** A value in the words of a message, after "got": "undefined", "the string 'fast'", "the list [3, 3]", "a list of 2". */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return describeList(value);
  switch (typeof value) {
    case 'string':
      return `the string '${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}'`;
    case 'number':
    case 'bigint':
    case 'boolean':
      return `the ${typeof value} ${String(value)}`;
    case 'function':
      return describeFunction(value);
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return String(value);
  }
}

const LONGEST = 60;

/** What a factory of parts made is called after it: "the metric 'accuracy'". */
function describeObject(value: object): string {
  const config: unknown = 'config' in value ? value.config : null;
  const part: unknown = typeof config === 'object' && config !== null && 'part' in config ? config.part : null;
  if (typeof part === 'function' && 'kind' in part) return `the ${String(part.kind)} '${part.name}'`;
  const kind = value.constructor?.name;
  return kind === undefined || kind === 'Object' ? 'an object' : `an object of class ${kind}`;
}

/** A factory comes with the hint that is most often wanted: to call it. */
function describeFunction(value: { readonly name: string }): string {
  if ('kind' in value && typeof value.kind === 'string') {
    return value.kind === 'op'
      ? `the op '${value.name}'`
      : `the ${value.kind} factory '${value.name}', which must be called: ${value.name}()`;
  }
  return value.name === '' ? 'a function' : `the function ${value.name}`;
}

/** Short lists of numbers and names, such as shapes, are shown. */
function describeList(items: readonly unknown[]): string {
  const isShown = (item: unknown): boolean => item === null || ['number', 'string'].includes(typeof item);
  if (items.length > 4 || !items.every(isShown)) return `a list of ${items.length}`;
  return `the list [${items.map((item) => (typeof item === 'string' ? `'${item}'` : String(item))).join(', ')}]`;
}
