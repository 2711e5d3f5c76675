import type { SharedWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';
import type { Access } from './access.js';

/** Shared memory in which blocks, too, are accessed word by word; what an access does is for the function to say. */
export class AccessWords implements SharedWords {
  readonly #access: (access: Access) => number;

  /** `access` gives the value of the word before the access. */
  constructor(access: (access: Access) => number) {
    this.#access = access;
  }

  load(address: number): number {
    return this.#access({ kind: 'load', address, value: 0, expected: 0 });
  }

  store(address: number, value: number): void {
    this.#access({ kind: 'store', address, value, expected: 0 });
  }

  add(address: number, value: number): number {
    return this.#access({ kind: 'add', address, value, expected: 0 });
  }

  compareExchange(address: number, expected: number, value: number): number {
    return this.#access({ kind: 'compareExchange', address, value, expected });
  }

  readFloat(address: number): number {
    return this.#access({ kind: 'read', address, value: 0, expected: 0 });
  }

  writeFloat(address: number, value: number): void {
    this.#access({ kind: 'write', address, value, expected: 0 });
  }

  copyFloats(to: number, from: number, length: number): void {
    for (let i = 0; i < length; i++) this.writeFloat(to + 4 * i, this.readFloat(from + 4 * i));
  }

  copyRacedFloats(to: number, from: number, length: number): void {
    this.copyFloats(to, from, length);
  }

  addFloats(to: number, from: number, length: number): void {
    for (let i = 0; i < length; i++) {
      const sum = this.readFloat(to + 4 * i) + this.readFloat(from + 4 * i);
      this.writeFloat(to + 4 * i, sum);
    }
  }
}
