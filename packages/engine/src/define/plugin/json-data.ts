/**
 * JSON knows no infinities, no NaN and no −0: it writes null or 0 in their place. Here they are written as
 * `{ $number: '-Infinity' }`, so that data comes back as it was, and that two texts are equal only where the data is.
 */
export function toJson(data: unknown): unknown {
  if (typeof data === 'number') return numberToJson(data);
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(toJson);
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, toJson(value)]));
}

/** What `toJson` was given; options that were undefined are absent. */
export function fromJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (isSpecialNumber(json)) return numberFromJson(json);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

/** Text that is equal for equal data, and for no other. */
export function keyOf(data: unknown): string {
  return JSON.stringify(toJson(data)) ?? 'undefined';
}

/** JSON as people read it: special numbers stand as words. */
export function printJson(json: unknown): string {
  return JSON.stringify(json).replaceAll(/\{"\$number":"([^"]*)"\}/g, '$1');
}

/** A number that JSON does not have. */
interface SpecialNumber {
  readonly $number: string;
}

export type JsonNumber = number | SpecialNumber;

export function numberToJson(value: number): JsonNumber {
  if (Object.is(value, -0)) return { $number: '-0' };
  return Number.isFinite(value) ? value : { $number: String(value) };
}

/** What `numberToJson` was given. */
export function numberFromJson(json: JsonNumber): number {
  return typeof json === 'number' ? json : Number(json.$number);
}

export function isSpecialNumber(json: object): json is SpecialNumber {
  return '$number' in json;
}
