import { ValueError } from '../errors.js';
import type { SharedMemory } from '../define/op/kernel.js';

const PAGE = 65536;
const MAX_BYTES = 2 ** 32;
const ALIGNMENT = 64;
/** Bytes after the last block, so that kernels may read a vector that begins in a block and ends beyond it. */
const SLACK = 64;

interface Gap {
  start: number;
  end: number;
}

/**
 * The engine's one memory: a shared WebAssembly.Memory that grows up to 4 GiB, cut into blocks aligned to a cache
 * line. Only the main thread allocates. Views made before a growth stay valid for what they cover.
 */
export class Arena {
  readonly memory: SharedMemory;
  readonly #memory: WebAssembly.Memory;
  /** Free blocks by address; address 0 is never given out. */
  #gaps: Gap[] = [];
  #end = ALIGNMENT;
  readonly #sizes = new Map<number, number>();

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_BYTES / PAGE, shared: true });
    this.memory = this.#memory;
  }

  /** Bytes that are still to be had, in one piece. */
  get available(): number {
    return this.#gaps.reduce((most, { start, end }) => Math.max(most, end - start), MAX_BYTES - SLACK - this.#end);
  }

  /** Address of a block, whose contents are undefined. @throws ValueError when 4 GiB do not suffice */
  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const gap = this.#gaps.find((g) => g.end - g.start >= size);
    let address: number;
    if (gap) {
      address = gap.start;
      gap.start += size;
      this.#gaps = this.#gaps.filter((g) => g.end > g.start);
    } else {
      address = this.#end;
      this.#growTo(address + size);
      this.#end += size;
    }
    this.#sizes.set(address, size);
    return address;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) return;
    this.#sizes.delete(address);
    this.#gaps.push({ start: address, end: address + size });
    this.#gaps.sort((a, b) => a.start - b.start);
    for (let i = this.#gaps.length - 1; i > 0; i--) {
      const [left, right] = [this.#gaps[i - 1] as Gap, this.#gaps[i] as Gap];
      if (left.end === right.start) {
        left.end = right.end;
        this.#gaps.splice(i, 1);
      }
    }
    const last = this.#gaps.at(-1);
    if (last?.end !== this.#end) return;
    this.#end = last.start;
    this.#gaps.pop();
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  #growTo(end: number): void {
    const missing = Math.ceil((end + SLACK - this.memory.buffer.byteLength) / PAGE);
    if (end + SLACK > MAX_BYTES) {
      throw new ValueError(
        `${((end - this.#end) / 2 ** 20).toFixed(1)} MiB more do not fit into the 4 GiB of one engine, of which ` +
          `${(this.available / 2 ** 20).toFixed(1)} MiB are left; use smaller layers, or fewer models in one engine`,
        'MEMORY',
      );
    }
    if (missing > 0) this.#memory.grow(missing);
  }
}
