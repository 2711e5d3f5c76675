import { UnknownOptionError } from '../errors.js';

/** Refuses every key that is not in `known`, and names the nearest one that is. */
export function checkOptions(where: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = known.toSorted((a, b) => distance(key, a) - distance(key, b))[0];
    const hint = near !== undefined && distance(key, near) <= 3 ? ` Did you mean '${near}'?` : '';
    throw new UnknownOptionError(`${where}: unknown option '${key}'.${hint} Known options: ${known.join(', ')}`);
  }
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
