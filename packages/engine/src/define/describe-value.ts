/** A value in the words of a message, after "got": "undefined", "the string 'fast'", "a list of 2", "an object of class Map". */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  switch (typeof value) {
    case 'string':
      return `the string '${value}'`;
    case 'number':
    case 'bigint':
    case 'boolean':
      return `the ${typeof value} ${String(value)}`;
    case 'function':
      return value.name === '' ? 'a function' : `the function ${value.name}`;
    case 'object': {
      if (value === null) return 'null';
      const kind = value.constructor?.name;
      return kind === undefined || kind === 'Object' ? 'an object' : `an object of class ${kind}`;
    }
    default:
      return String(value);
  }
}
