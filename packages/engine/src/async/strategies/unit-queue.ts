import type { Units } from '../parties.js';

/** Batches that an owner hands out: those that a lost replica left come first. */
export class UnitQueue {
  readonly #end: number;
  readonly #returned: number[] = [];
  #next: number;

  constructor({ begin, end }: Units) {
    this.#next = begin;
    this.#end = end;
  }

  get isEmpty(): boolean {
    return this.#returned.length === 0 && this.#next >= this.#end;
  }

  /** @returns null when there is none */
  take(): number | null {
    const returned = this.#returned.shift();
    if (returned !== undefined) return returned;
    return this.#next < this.#end ? this.#next++ : null;
  }

  giveBack(unit: number): void {
    this.#returned.push(unit);
  }
}
