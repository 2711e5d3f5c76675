import { valueAfter, type Access } from './access.js';

/** Words that begin at 0. Knows its own contents as a short string, by which the explorer knows states again. */
export class ModelledMemory {
  readonly #bytes: number;
  /** Words in the order of their first access. */
  readonly #slots = new Map<number, number>();
  /** Each word as the number of its value. */
  readonly #codes: number[] = [];
  readonly #numberOf = new Map<number, number>([[0, 0]]);
  readonly #values: number[] = [0];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  read(address: number): number {
    return this.#values[this.#codes[this.#slotOf(address)]];
  }

  write(address: number, value: number): void {
    this.#codes[this.#slotOf(address)] = this.#codeOf(value);
  }

  /** @returns the value before */
  perform(access: Access): number {
    const before = this.read(access.address);
    const after = valueAfter(access, before);
    if (!Object.is(after, before)) this.write(access.address, after);
    return before;
  }

  contains(address: number): boolean {
    return address >= 0 && address < this.#bytes && address % 4 === 0;
  }

  /** Equal only for equal contents. */
  key(): string {
    return String.fromCharCode(...this.#codes);
  }

  #slotOf(address: number): number {
    let slot = this.#slots.get(address);
    if (slot === undefined) {
      slot = this.#codes.push(0) - 1;
      this.#slots.set(address, slot);
    }
    return slot;
  }

  #codeOf(value: number): number {
    let code = this.#numberOf.get(value);
    if (code === undefined) {
      code = this.#values.push(value) - 1;
      if (code > 0xffff) throw new RangeError('more values than a key has characters for');
      this.#numberOf.set(value, code);
    }
    return code;
  }
}
