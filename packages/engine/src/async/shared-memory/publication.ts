import { LINE, wholeLines, type SharedWords } from './shared-words.js';

/** What a publication is made for: so many readers, known by number, of blocks of so many floats. */
export interface PublicationSize {
  readonly readers: number;
  readonly length: number;
}

/** One version of the block: where its floats begin. */
export interface Version {
  readonly version: number;
  readonly address: number;
}

/** A version is kept as two floats, which hold integers up to 2^24 exactly. */
const DIGIT = 2 ** 24;

/**
 * A block of floats that one writer replaces and R readers read, all at once and without waiting for each other. The
 * writer fills a buffer that is neither current nor held, and makes it current with one store. A reader holds a buffer by
 * its index plus one in a word of its own, which is also how a supervisor lets go of what a dead thread held.
 *
 * Why a held buffer is whole and stays so. Let C be the reader's second load of `current`, which found the buffer b that
 * its hold word names. The one writer never fills a current buffer, so at C no fill of b is under way, and the last has
 * ended. A later fill of b needs another buffer current first, so the writer reads the hold words after C, hence after
 * the hold was written: it sees it and passes b by until the reader writes that word again. It does not matter how often
 * b was current between the two loads (ABA): C alone counts, and the version stands in the buffer itself.
 *
 * Why a buffer is always free. The writer passes by at most R held buffers and the current one, of R + 2. This holds for
 * whatever the hold words say, also those of the dead.
 */
export class Publication {
  readonly #words: SharedWords;
  readonly #readers: number;
  readonly #length: number;
  readonly #current: number;
  readonly #buffers: number;
  /** Bytes of a buffer: a line with its version, then the floats. */
  readonly #stride: number;

  /** Takes its place at `address`, a multiple of 64. */
  constructor(words: SharedWords, address: number, { readers, length }: PublicationSize) {
    this.#words = words;
    this.#readers = readers;
    this.#length = length;
    this.#current = address;
    this.#buffers = address + LINE * (1 + readers);
    this.#stride = LINE + wholeLines(length * 4);
  }

  /** A multiple of 64, so that publications of several owners may stand side by side. */
  static bytes({ readers, length }: PublicationSize): number {
    return LINE * (1 + readers) + (readers + 2) * (LINE + wholeLines(length * 4));
  }

  /** Version 0 of undefined floats, held by nobody. Before any thread takes part. */
  reset(): void {
    this.#words.store(this.#current, 0);
    for (let reader = 0; reader < this.#readers; reader++) this.release(reader);
    this.#writeVersion(this.#addressOf(0), 0);
  }

  /** For the writer alone, or while there is none: the current version without holding it. */
  get latest(): Version {
    return this.#versionAt(this.#words.load(this.#current));
  }

  /** The writer's next buffer. Filled by plain writes; abandoned if the writer dies, or takes again. */
  take(): number {
    const current = this.#words.load(this.#current);
    const held = new Set<number>();
    for (let reader = 0; reader < this.#readers; reader++) held.add(this.#words.load(this.#holdOf(reader)) - 1);
    let buffer = 0;
    while (buffer === current || held.has(buffer)) buffer++;
    return this.#addressOf(buffer);
  }

  /** Makes the buffer that `take` gave the current one. @returns its version, one more than the last */
  publish(address: number): number {
    const version = this.latest.version + 1;
    this.#writeVersion(address, version);
    this.#words.store(this.#current, (address - this.#addressOf(0)) / this.#stride);
    return version;
  }

  /** Publishes a copy of a block of the writer's. @returns its version */
  publishCopy(from: number): number {
    const address = this.take();
    this.#words.copyFloats(address, from, this.#length);
    return this.publish(address);
  }

  /** Holds the current version for a reader until it releases it, or acquires again. Tries again only if overtaken. */
  acquire(reader: number): Version {
    for (;;) {
      const buffer = this.#words.load(this.#current);
      this.#words.store(this.#holdOf(reader), buffer + 1);
      if (this.#words.load(this.#current) === buffer) return this.#versionAt(buffer);
    }
  }

  /** Lets go of what a reader holds. Also for a supervisor, once the reader's thread is known to have ended. */
  release(reader: number): void {
    this.#words.store(this.#holdOf(reader), 0);
  }

  /** Copies the current version into memory of the reader's. @returns its version */
  copy(reader: number, to: number): number {
    const { version, address } = this.acquire(reader);
    this.#words.copyFloats(to, address, this.#length);
    this.release(reader);
    return version;
  }

  #holdOf(reader: number): number {
    return this.#current + LINE * (1 + reader);
  }

  #addressOf(buffer: number): number {
    return this.#buffers + buffer * this.#stride + LINE;
  }

  #versionAt(buffer: number): Version {
    const address = this.#addressOf(buffer);
    const [low, high] = [this.#words.readFloat(address - LINE), this.#words.readFloat(address - LINE + 4)];
    return { version: low + high * DIGIT, address };
  }

  #writeVersion(address: number, version: number): void {
    this.#words.writeFloat(address - LINE, version % DIGIT);
    this.#words.writeFloat(address - LINE + 4, Math.floor(version / DIGIT));
  }
}
