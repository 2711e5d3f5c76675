import { ValueError } from '@convoy/engine';
import type { ArgsDef, ParsedArgs } from 'citty';

/**
 * Refuses what citty passes on: keys that nobody defined, words that belong to no option, and options without a value.
 *
 * @throws ValueError naming the option
 */
export function refuseUnknown<T extends ArgsDef>(defined: T, args: ParsedArgs<T>): void {
  // citty adds the camel-case name of each option.
  const known = new Set(Object.keys(defined).flatMap((name) => [name, camelCase(name)]));
  for (const [name, value] of Object.entries(args)) {
    if (name === '_') continue;
    if (!known.has(name)) throw new ValueError(`unknown option --${name}; --help lists the options`, 'OPTION');
    if (value === '' || typeof value === 'boolean') {
      throw new ValueError(`--${name} needs a value; --help lists the options`, 'OPTION');
    }
  }
  const [word] = args._;
  if (word !== undefined) throw new ValueError(`'${word}' belongs to no option; --help lists the options`, 'OPTION');
}

/** @throws ValueError naming the option unless the text is such an integer */
export function integer(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new ValueError(`--${name} must be an integer from ${least} on, got '${text}'`, 'OPTION');
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
