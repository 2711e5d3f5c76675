/**
 * The control block of a run: words that the workers, the data source and the main thread share. All words are
 * read and written with Atomics. The hot ones stand a cache line apart.
 */
export const Word = {
  /** Counts phases; the barrier waits on it. */
  generation: 0,
  /** Workers that have arrived at the barrier. */
  arrived: 16,
  /** Next unit of work in the phase. */
  claim: 32,
  /** Steps committed since the run began: the one store that ends a step. */
  committed: 48,
  /** Not zero: leave at once, the step is void. A value of `Poison`. */
  poison: 64,
  /** What all workers do after the step that has just been committed. A value of `Next`. */
  next: 65,
  /** The main thread asks the workers to return after the running step. */
  pause: 66,
  /** Steps of the run. */
  target: 67,
  /** Steps after which the workers leave, so that the main thread can steer; they come back. */
  fence: 74,
  /** Some worker met a value that is not finite. */
  nonFinite: 68,
  /** The data source is to stop filling slots. */
  sourceStops: 69,
  /** Step whose batch a slot holds, plus one; one word for each of the two slots. */
  filled: 70,
  /** Examples in each of the two slots. */
  examples: 72,
  /** Steps whose batch is no longer needed in its slot: as many as are committed, or more where batches are copied away. */
  taken: 75,
} as const;

/** Why the workers of a run leave at once. */
export const Poison = { none: 0, failed: 1, nonFinite: 2, paused: 3 } as const;
export const Next = { step: 0, leave: 1 } as const;

const WORDS = 80;
/** Steps whose results are kept for the main thread to read. */
export const RING = 1024;

/** Views of one control block. `results` is the number of scalars that a step reports. */
export class Control {
  readonly address: number;
  readonly words: Int32Array;
  /** Two sides of running sums: examples, then each result. Side = parity of the committed count. */
  readonly totals: readonly [Float64Array, Float64Array];
  /** Last `RING` steps: examples, then each result. */
  readonly ring: Float64Array;
  readonly width: number;

  constructor(buffer: ArrayBufferLike, address: number, results: number) {
    this.address = address;
    this.width = 1 + results;
    this.words = new Int32Array(buffer, address, WORDS);
    const start = address + WORDS * 4;
    const side = (i: number): Float64Array => new Float64Array(buffer, start + i * this.width * 8, this.width);
    this.totals = [side(0), side(1)];
    this.ring = new Float64Array(buffer, start + 2 * this.width * 8, RING * this.width);
  }

  static bytes(results: number): number {
    return WORDS * 4 + (2 + RING) * (1 + results) * 8;
  }

  load(word: number): number {
    return Atomics.load(this.words, word);
  }

  store(word: number, value: number): void {
    Atomics.store(this.words, word, value);
  }

  /**
   * Writes down what a step made, beside what counts: `valueOf(0)` is its examples, then come its results. `commit` makes it
   * count.
   */
  record(step: number, valueOf: (i: number) => number): void {
    const parity = step & 1;
    const [from, to] = [this.totals[parity], this.totals[1 - parity]] as [Float64Array, Float64Array];
    const slot = (step % RING) * this.width;
    for (let i = 0; i < this.width; i++) {
      const value = valueOf(i);
      this.ring[slot + i] = value;
      to[i] = (from[i] as number) + value;
    }
  }

  /** The store that ends a step: so many are done. */
  commit(done: number): void {
    this.store(Word.committed, done);
    Atomics.notify(this.words, Word.committed);
    if (this.load(Word.taken) < done) this.take(done);
  }

  /** Gives the slots of so many steps back to the source, which may fill them again before those steps are committed. */
  take(steps: number): void {
    this.store(Word.taken, steps);
    Atomics.notify(this.words, Word.taken);
  }

  /** Voids the running step and wakes everybody; the first reason stays. */
  poison(reason: number): void {
    Atomics.compareExchange(this.words, Word.poison, Poison.none, reason);
    // The words that are waited on change, so that no wait begins after its wake-up has passed.
    Atomics.add(this.words, Word.generation, 1);
    for (const word of [Word.generation, Word.filled, Word.filled + 1, Word.committed, Word.taken])
      Atomics.notify(this.words, word);
  }

  /** Clears the barrier after all workers have left. Slots and committed steps stay. */
  rearm(): void {
    for (const word of [Word.arrived, Word.claim, Word.poison, Word.next, Word.nonFinite]) this.store(word, 0);
  }

  /** Before the first step of a run: nothing committed, nothing filled, sums at 0. */
  reset(target: number, fence = target): void {
    this.rearm();
    for (const word of [Word.committed, Word.taken, Word.pause, Word.sourceStops, Word.filled, Word.filled + 1])
      this.store(word, 0);
    this.store(Word.target, target);
    this.store(Word.fence, fence);
    for (const side of this.totals) side.fill(0);
  }

  /** Whether the batch of the next step is there. */
  get fed(): boolean {
    const next = this.load(Word.committed);
    return this.load(Word.filled + (next & 1)) === next + 1;
  }

  /** Asks the workers to leave after the running step; those that wait for data leave at once. */
  pause(): void {
    this.store(Word.pause, 1);
    if (!this.fed) this.poison(Poison.paused);
  }
}
