import { inPlace, UnknownOptionError, ValueError } from '../../errors.js';
import { describeValue } from './describe-value.js';
import { didYouMean } from './nearest-name.js';

/**
 * Refuses what is no object of options, and every key that is not in `known`.
 *
 * @throws ValueError, or UnknownOptionError with the nearest key that is known
 */
export function checkOptions(where: string, given: unknown, known: readonly string[]): void {
  inPlace(where, () => checkKeys(given, known));
}

/** As `checkOptions`, where the caller names the place. */
export function checkKeys(given: unknown, known: readonly string[]): void {
  const all = known.length === 0 ? 'It takes no options' : `Known options: ${known.join(', ')}`;
  // Not `instanceof Object`: the object may come from another realm.
  if (Object.prototype.toString.call(given) !== '[object Object]') {
    throw new ValueError(`options must be an object, got ${describeValue(given)}. ${all}`, 'OPTION');
  }
  for (const key of Object.keys(given as object)) {
    if (known.includes(key)) continue;
    throw new UnknownOptionError(`unknown option '${key}'.${didYouMean(key, known)} ${all}`);
  }
}

const RANGES = {
  'a finite number': () => true,
  'a positive integer': (n: number) => Number.isInteger(n) && n > 0,
  'a number >= 0': (n: number) => n >= 0,
  'a number above 0': (n: number) => n > 0,
  'a number in [0, 1)': (n: number) => n >= 0 && n < 1,
  'a number in (0, 1)': (n: number) => n > 0 && n < 1,
  'a number in (0, 1]': (n: number) => n > 0 && n <= 1,
};

/**
 * Checks an option that is a number, as in `checkNumber('rate', rate, 'a number >= 0')`.
 *
 * @throws ValueError unless the value is finite and in the range
 */
export function checkNumber(name: string, value: unknown, range: keyof typeof RANGES): asserts value is number {
  if (Number.isFinite(value) && RANGES[range](value as number)) return;
  throw new ValueError(`${name} must be ${range}, got ${describeValue(value)}`, 'OPTION');
}
