import { LINE, wholeLines, type SharedWords } from './shared-words.js';

/** Adds after which a probe rests: its cells stay far below 2^24, up to which floats count exactly. */
const MOST_ADDS = 2 ** 23;

/** Adds a block into a shared one while others do the same. Some updates may be lost; the probe tells how many. */
export function addShared(words: SharedWords, to: number, from: number, length: number, probe?: Probe): void {
  words.addFloats(to, from, length);
  probe?.add();
}

/**
 * Counts lost updates on floats of its own, which go through the same plain adds as the model's. Each add puts 1 to every
 * cell, and counts itself atomically: updates lost = adds · cells − sum of cells. The thread that dies in mid-add counts
 * what it left out as lost. Cells are counted exactly only while nobody adds.
 */
export class Probe {
  readonly #words: SharedWords;
  readonly #cells: number;
  readonly #tried: number;
  readonly #ones: number;
  readonly #sums: number;

  /** Takes its place at `address`, a multiple of 64. */
  constructor(words: SharedWords, address: number, cells: number) {
    this.#words = words;
    this.#cells = cells;
    this.#tried = address;
    this.#ones = address + LINE;
    this.#sums = this.#ones + wholeLines(cells * 4);
  }

  static bytes(cells: number): number {
    return LINE + 2 * wholeLines(cells * 4);
  }

  /** Nothing tried. Before any thread takes part. */
  reset(): void {
    this.#words.store(this.#tried, 0);
    for (let cell = 0; cell < this.#cells; cell++) {
      this.#words.writeFloat(this.#ones + cell * 4, 1);
      this.#words.writeFloat(this.#sums + cell * 4, 0);
    }
  }

  add(): void {
    if (this.#words.load(this.#tried) >= MOST_ADDS) return;
    this.#words.add(this.#tried, 1);
    this.#words.addFloats(this.#sums, this.#ones, this.#cells);
  }

  /** Updates of single floats that were tried. */
  get tried(): number {
    return this.#words.load(this.#tried) * this.#cells;
  }

  /** Those of them that another thread's store has overwritten. */
  get lost(): number {
    let kept = 0;
    for (let cell = 0; cell < this.#cells; cell++) kept += this.#words.readFloat(this.#sums + cell * 4);
    return this.tried - kept;
  }
}
