export interface Lifetime {
  /** First and last moment at which the memory is needed, inclusive. */
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

/**
 * Offsets such that no two pieces of memory overlap while both live: largest first, each at the lowest gap that
 * fits (greedy by size: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020).
 */
export function packLifetimes(lifetimes: readonly Lifetime[]): { offsets: number[]; size: number } {
  const offsets = lifetimes.map(() => 0);
  const placed: number[] = [];
  const bySize = lifetimes.map((_, i) => i).toSorted((a, b) => sizeAt(b) - sizeAt(a) || a - b);
  for (const i of bySize) {
    const mine = lifetimes[i] as Lifetime;
    const rivals = placed
      .filter((j) => overlap(lifetimes[j] as Lifetime, mine))
      .toSorted((a, b) => (offsets[a] as number) - (offsets[b] as number));
    let offset = 0;
    for (const j of rivals) {
      const start = offsets[j] as number;
      if (offset + mine.size <= start) break;
      offset = Math.max(offset, start + sizeAt(j));
    }
    offsets[i] = offset;
    placed.push(i);
  }
  return { offsets, size: lifetimes.reduce((most, l, i) => Math.max(most, (offsets[i] as number) + l.size), 0) };

  function sizeAt(i: number): number {
    return (lifetimes[i] as Lifetime).size;
  }
}

function overlap(a: Lifetime, b: Lifetime): boolean {
  return a.first <= b.last && b.first <= a.last;
}
