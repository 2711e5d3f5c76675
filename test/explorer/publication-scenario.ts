import { Publication } from '../../packages/engine/dist/async/shared-memory/publication.js';
import type { SharedWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';
import type { Scenario, ThreadPlan } from './explore.js';
import type { Turn } from './replayed-thread.js';

const LINE = 64;

/** Float i of a version: no two versions share a value. */
const valueOf = (version: number, i: number): number => version * 8 + i + 1;

/** A publication at an address, and the threads that use it: each says how often it does what. */
export class PublicationScenario {
  readonly readers: number;
  readonly length: number;
  readonly address: number;
  readonly #trusting: boolean;

  /** Trusting readers do not look at what they have read. */
  constructor(options: { readers: number; length: number; address?: number; trusting?: boolean }) {
    this.readers = options.readers;
    this.length = options.length;
    this.address = options.address ?? 0;
    this.#trusting = options.trusting ?? false;
  }

  get size(): { readers: number; length: number } {
    return { readers: this.readers, length: this.length };
  }

  get end(): number {
    return this.address + Publication.bytes(this.size);
  }

  at(words: SharedWords): Publication {
    return new Publication(words, this.address, this.size);
  }

  /** Version 1, published before the threads start. */
  prepare(words: SharedWords): void {
    const publication = this.at(words);
    publication.reset();
    this.#publish(words, publication);
  }

  writer(name: string, times: number, more: Partial<ThreadPlan> = {}): ThreadPlan {
    const turn: Turn = (words, left) => [...left, this.#publish(words, this.at(words))];
    return { name, turns: Array.from({ length: times }, () => turn), ...more };
  }

  /** Reads where the buffer lies. */
  reader(name: string, reader: number, times: number, more: Partial<ThreadPlan> = {}): ThreadPlan {
    const turn: Turn = (words, [last = 1]) => {
      const publication = this.at(words);
      const { version, address } = publication.acquire(reader);
      this.#check(words, { version, address, last });
      publication.release(reader);
      return [version];
    };
    return { name, turns: Array.from({ length: times }, () => turn), ...more };
  }

  /** Copies to its own memory, and looks there. */
  copier(name: string, reader: number, own: readonly [number, number]): ThreadPlan {
    const turn: Turn = (words) => {
      const version = this.at(words).copy(reader, own[0]);
      this.#check(words, { version, address: own[0], last: 1 });
      return [version];
    };
    return { name, turns: [turn], own };
  }

  label(address: number): string {
    const at = address - this.address;
    if (at === 0) return 'current';
    if (at <= this.readers * LINE) return `held[${at / LINE - 1}]`;
    const inBuffers = at - (this.readers + 1) * LINE;
    const stride = LINE + Math.ceil((this.length * 4) / LINE) * LINE;
    const [buffer, offset] = [Math.floor(inBuffers / stride), inBuffers % stride];
    return `buffer ${buffer} ${offset < LINE ? `version digit ${offset / 4}` : `float ${(offset - LINE) / 4}`}`;
  }

  scenario(threads: readonly ThreadPlan[], more: Partial<Scenario> = {}): Scenario {
    return {
      bytes: this.end,
      prepare: (words) => this.prepare(words),
      threads,
      label: (address) => this.label(address),
      ...more,
    };
  }

  #publish(words: SharedWords, publication: Publication): number {
    const address = publication.take();
    const version = publication.latest.version + 1;
    for (let i = 0; i < this.length; i++) words.writeFloat(address + 4 * i, valueOf(version, i));
    return publication.publish(address);
  }

  #check(words: SharedWords, read: { version: number; address: number; last: number }): void {
    const { version, address, last } = read;
    const found = Array.from({ length: this.length }, (_, i) => words.readFloat(address + 4 * i));
    if (this.#trusting) return;
    const expected = found.map((_, i) => valueOf(version, i));
    if (found.join() !== expected.join())
      throw new Error(`version ${version} reads ${found.join()}, not ${expected.join()}`);
    if (version < last) throw new Error(`version ${version} was read after ${last}`);
  }
}
