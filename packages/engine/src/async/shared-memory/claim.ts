import { LINE, wholeLines, type SharedWords } from './shared-words.js';

/** What the word of a unit holds, if not the number of the replica that does it, plus one. */
const Unit = { free: 0, finished: -1 } as const;

/**
 * Units of work 0 … limit − 1, counted out to replicas. A unit has one word, and changes hands by one atomic operation on
 * it: free → done by a replica → finished. So wherever a thread dies, the word says whose the unit was.
 *
 * `next` only tells where to look: all units before it have been claimed once, none after it. It moves on after the unit
 * is taken, whoever took it, so a death in between stops nobody.
 *
 * A unit that is taken back lies at `next` or before, where nobody looks any more. Therefore `revoked` counts up after
 * such a unit is free, and who claims first looks through all units up to and including `next` if `revoked` is not
 * what it was when a look found nothing. Including: a replica that saw the unit taken may yet move `next` past it.
 */
export class Claims {
  readonly #words: SharedWords;
  readonly #limit: number;
  readonly #next: number;
  readonly #revoked: number;
  readonly #units: number;
  /** `revoked` before this thread's last look that found nothing; at first there was none. */
  #looked: number | undefined;

  /** Takes its place at `address`, a multiple of 64. Each thread makes its own. */
  constructor(words: SharedWords, address: number, limit: number) {
    this.#words = words;
    this.#limit = limit;
    this.#next = address;
    this.#revoked = address + LINE;
    this.#units = address + 2 * LINE;
  }

  static bytes(limit: number): number {
    return 2 * LINE + wholeLines(limit * 4);
  }

  /** All units free. While nobody claims. */
  reset(): void {
    for (let unit = 0; unit < this.#limit; unit++) this.#words.store(this.#wordOf(unit), Unit.free);
    // `revoked` keeps growing: with 0 it could come back to what a thread has looked at in an earlier pass.
    this.#words.store(this.#next, 0);
  }

  /** @returns a unit that is the replica's until it is finished or revoked; undefined when there is none to be had now */
  claim(replica: number): number | undefined {
    const revoked = this.#words.load(this.#revoked);
    if (revoked !== this.#looked) {
      const unit = this.#takeRevoked(replica);
      if (unit !== undefined) return unit;
      this.#looked = revoked;
    }
    for (;;) {
      const unit = this.#words.load(this.#next);
      if (unit >= this.#limit) return undefined;
      const taken = this.#take(unit, replica);
      this.#words.compareExchange(this.#next, unit, unit + 1);
      if (taken) return unit;
    }
  }

  /**
   * Takes the result of a unit over. Called before the result is used, by the replica or by whoever collects for it.
   *
   * @returns false when the unit is not the replica's: it was taken back, or its result was taken over before, and this one
   * must not be used. A dead replica's result may still be the one that counts, if a successor of the same number has the unit.
   */
  finish(replica: number, unit: number): boolean {
    return this.#words.compareExchange(this.#wordOf(unit), replica + 1, Unit.finished) === replica + 1;
  }

  /**
   * Once the replica's thread is known to have ended: what it was doing is free again. Whoever claims afterwards gets it; if
   * all others have left, somebody has to start.
   *
   * @returns those units
   */
  revoke(replica: number): number[] {
    const units: number[] = [];
    for (let unit = 0; unit < this.#limit; unit++) {
      if (this.#words.compareExchange(this.#wordOf(unit), replica + 1, Unit.free) !== replica + 1) continue;
      this.#words.add(this.#revoked, 1);
      units.push(unit);
    }
    return units;
  }

  /** Units that are not finished: free, or being done. */
  unfinished(): number {
    let count = 0;
    for (let unit = 0; unit < this.#limit; unit++) if (this.#words.load(this.#wordOf(unit)) !== Unit.finished) count++;
    return count;
  }

  #takeRevoked(replica: number): number | undefined {
    const end = Math.min(this.#words.load(this.#next) + 1, this.#limit);
    for (let unit = 0; unit < end; unit++)
      if (this.#words.load(this.#wordOf(unit)) === Unit.free && this.#take(unit, replica)) return unit;
    return undefined;
  }

  #take(unit: number, replica: number): boolean {
    return this.#words.compareExchange(this.#wordOf(unit), Unit.free, replica + 1) === Unit.free;
  }

  #wordOf(unit: number): number {
    return this.#units + unit * 4;
  }
}
