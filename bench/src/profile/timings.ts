/** Times of kernel calls, in memory that all threads share. */

const ENTRIES = 4096;
const LABEL_BYTES = 192;
/** Milliseconds, calls, floating-point operations. */
const NUMBERS = 3;
const LABELS_AT = 8;
const NUMBERS_AT = LABELS_AT + ENTRIES * LABEL_BYTES;

export interface Timing {
  readonly label: string;
  readonly milliseconds: number;
  readonly calls: number;
  /** Of all calls; 0 where nobody counts them. */
  readonly operations: number;
}

/** A table of so many kinds of calls, by label; each binding has an entry of its own. */
export class Timings {
  readonly buffer: SharedArrayBuffer;
  readonly #count: Int32Array;
  readonly #numbers: Float64Array;

  constructor(buffer = new SharedArrayBuffer(NUMBERS_AT + ENTRIES * NUMBERS * 8)) {
    this.buffer = buffer;
    this.#count = new Int32Array(buffer, 0, 1);
    this.#numbers = new Float64Array(buffer, NUMBERS_AT);
  }

  /** A new entry. */
  open(label: string): number {
    const index = Atomics.add(this.#count, 0, 1);
    if (index >= ENTRIES)
      throw new RangeError(`more than ${ENTRIES} bindings are timed; use a smaller net or fewer shards`);
    const bytes = new Uint8Array(this.buffer, LABELS_AT + index * LABEL_BYTES, LABEL_BYTES);
    bytes.set(new TextEncoder().encode(label).subarray(0, LABEL_BYTES));
    return index;
  }

  add(index: number, milliseconds: number, operations: number): void {
    const at = index * NUMBERS;
    this.#numbers[at] += milliseconds;
    this.#numbers[at + 1] += 1;
    this.#numbers[at + 2] += operations;
  }

  /** Forgets the times, not the entries. */
  clear(): void {
    this.#numbers.fill(0);
  }

  /** Entries of one label together, the longest first. */
  sums(): Timing[] {
    const all = new Map<string, Timing>();
    for (let i = 0; i < Atomics.load(this.#count, 0); i++) {
      const bytes = new Uint8Array(this.buffer, LABELS_AT + i * LABEL_BYTES, LABEL_BYTES).slice();
      const label = new TextDecoder().decode(bytes).replace(/\0+$/, '');
      const [milliseconds, calls, operations] = this.#numbers.subarray(i * NUMBERS, (i + 1) * NUMBERS);
      const sum = all.get(label) ?? { label, milliseconds: 0, calls: 0, operations: 0 };
      all.set(label, {
        label,
        milliseconds: sum.milliseconds + milliseconds,
        calls: sum.calls + calls,
        operations: sum.operations + operations,
      });
    }
    return [...all.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
  }
}
