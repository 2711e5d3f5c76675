/** Buffers that values take turns in, decided before any is made. A buffer holds one value at a time: a dispatch may not read and write one. */
export class BufferPool {
  /** Bytes of each buffer. */
  readonly sizes: number[] = [];
  readonly #free: number[] = [];

  /** The smallest free buffer that fits, else the largest one, made larger; a new one if none is free. */
  take(bytes: number): number {
    const bySize = this.#free.toSorted((a, b) => this.sizes[a] - this.sizes[b]);
    const chosen = bySize.find((buffer) => this.sizes[buffer] >= bytes) ?? bySize.at(-1);
    if (chosen === undefined) return this.sizes.push(bytes) - 1;
    this.#free.splice(this.#free.indexOf(chosen), 1);
    this.sizes[chosen] = Math.max(this.sizes[chosen], bytes);
    return chosen;
  }

  give(buffer: number): void {
    this.#free.push(buffer);
  }
}
