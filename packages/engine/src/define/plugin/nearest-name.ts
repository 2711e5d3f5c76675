/** " Did you mean 'filters'?" when one of the names is near enough to be meant, else nothing. */
export function didYouMean(given: string, names: readonly string[]): string {
  const [near] = names
    .map((name) => ({ name, changes: distance(given, name) }))
    .toSorted((a, b) => a.changes - b.changes);
  return near && near.changes <= Math.max(1, Math.floor(given.length / 3)) ? ` Did you mean '${near.name}'?` : '';
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
