/** Bytes of a cache line: words that different threads write stand this far apart. */
export const LINE = 64;

/** Whole cache lines that hold so many bytes. */
export function wholeLines(bytes: number): number {
  return Math.ceil(bytes / LINE) * LINE;
}

/**
 * All that the protocols of this folder do to shared memory. They reach it through nothing else, so that the explorer in
 * `test/explorer` can run them as they ship. Addresses are in bytes, multiples of 4. A word is accessed either
 * atomically or plainly, never both.
 */
export interface SharedWords {
  load(address: number): number;
  store(address: number, value: number): void;
  /** @returns the value before */
  add(address: number, value: number): number;
  /** @returns the value before; the word has changed only if it is `expected` */
  compareExchange(address: number, expected: number, value: number): number;

  readFloat(address: number): number;
  writeFloat(address: number, value: number): void;
  /** Copies a block that nobody writes, and that nobody but the caller sees the copy of: it moves bytes, not floats. */
  copyFloats(to: number, from: number, length: number): void;
  /** Copies float by float a block that others may be writing: every float is one that was written, the block is not. */
  copyRacedFloats(to: number, from: number, length: number): void;
  /** `to += from`, float by float: load, add, store. Whatever others store in between is lost. */
  addFloats(to: number, from: number, length: number): void;
}

/** The shared memory itself. Reaches what is allocated when it is made. */
export class AtomicWords implements SharedWords {
  readonly #words: Int32Array;
  readonly #floats: Float32Array;

  constructor(buffer: ArrayBufferLike) {
    const length = Math.floor(buffer.byteLength / 4);
    this.#words = new Int32Array(buffer, 0, length);
    this.#floats = new Float32Array(buffer, 0, length);
  }

  load(address: number): number {
    return Atomics.load(this.#words, address >>> 2);
  }

  store(address: number, value: number): void {
    Atomics.store(this.#words, address >>> 2, value);
  }

  add(address: number, value: number): number {
    return Atomics.add(this.#words, address >>> 2, value);
  }

  compareExchange(address: number, expected: number, value: number): number {
    return Atomics.compareExchange(this.#words, address >>> 2, expected, value);
  }

  readFloat(address: number): number {
    return this.#floats[address >>> 2] as number;
  }

  writeFloat(address: number, value: number): void {
    this.#floats[address >>> 2] = value;
  }

  copyFloats(to: number, from: number, length: number): void {
    const start = from >>> 2;
    this.#floats.set(this.#floats.subarray(start, start + length), to >>> 2);
  }

  // Not `set`: V8 moves 8 bytes at a time, and single bytes at odd ends and between blocks that lie differently to 8, so
  // that a float that is being written comes out half old and half new. As integers, which never tear in JavaScript.
  copyRacedFloats(to: number, from: number, length: number): void {
    const words = this.#words;
    const [target, source] = [to >>> 2, from >>> 2];
    for (let i = 0; i < length; i++) words[target + i] = words[source + i] as number;
  }

  addFloats(to: number, from: number, length: number): void {
    const floats = this.#floats;
    const [target, source] = [to >>> 2, from >>> 2];
    for (let i = 0; i < length; i++)
      floats[target + i] = (floats[target + i] as number) + (floats[source + i] as number);
  }
}
