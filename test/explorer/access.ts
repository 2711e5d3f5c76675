/** One access to one word of the modelled memory: what a thread is about to do, and the point where others may come first. */
export interface Access {
  readonly kind: 'load' | 'store' | 'add' | 'compareExchange' | 'read' | 'write';
  readonly address: number;
  /** What is stored, added or written. */
  readonly value: number;
  /** Of a compareExchange. */
  readonly expected: number;
}

const isPlain = ({ kind }: Access): boolean => kind === 'read' || kind === 'write';
const isReading = ({ kind }: Access): boolean => kind === 'read' || kind === 'load';

/**
 * Whether two accesses of two threads, both of which come next, are a data race: the same word, one of them changes it, one of
 * them is plain.
 */
export function isRace(a: Access, b: Access): boolean {
  return a.address === b.address && !(isReading(a) && isReading(b)) && (isPlain(a) || isPlain(b));
}

/** The word after the access. */
export function valueAfter({ kind, value, expected }: Access, before: number): number {
  switch (kind) {
    case 'load':
    case 'read':
      return before;
    case 'store':
      return value;
    case 'write':
      return Math.fround(value);
    case 'add':
      return (before + value) | 0;
    case 'compareExchange':
      return before === expected ? value : before;
  }
}

/** A line of a trace. */
export function describeAccess({ kind, address, value, expected }: Access, found: number, label: Labels): string {
  const word = label(address);
  switch (kind) {
    case 'load':
    case 'read':
      return `${kind} ${word} = ${found}`;
    case 'store':
    case 'write':
      return `${kind} ${word} <- ${value}`;
    case 'add':
      return `add ${value} to ${word}, was ${found}`;
    case 'compareExchange':
      return `compareExchange ${word} ${expected} -> ${value}, ${found === expected ? 'done' : `was ${found}`}`;
  }
}

export type Labels = (address: number) => string;
