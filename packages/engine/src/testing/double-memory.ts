import type { NumberArray, SharedMemory } from '../define/op/kernel.js';
import type { DType } from '../define/op/shape.js';

export type ViewAt = (address: number, length: number, dtype: DType) => NumberArray;

/** A double for each word of a memory, integers too: what is at an address there is at twice the address here. */
export class DoubleMemory {
  readonly #memory: SharedMemory;
  #doubles = new ArrayBuffer(0);

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** Views of the memory as long as it is now. A memory that has grown since gets other doubles, in which nothing is yet. */
  views(): ViewAt {
    const bytes = 2 * this.#memory.buffer.byteLength;
    if (this.#doubles.byteLength < bytes) this.#doubles = new ArrayBuffer(2 * bytes);
    const doubles = this.#doubles;
    return (address, length) => new Float64Array(doubles, 2 * address, length);
  }
}
