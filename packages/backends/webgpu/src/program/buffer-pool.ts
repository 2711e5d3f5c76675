/** Buffers that values take turns in, decided before any is made. A buffer holds one value at a time: a dispatch may not read and write one. */
export class BufferPool {
  /** Bytes of each buffer, and what needs as many. */
  readonly slots: { bytes: number; label: string }[] = [];
  readonly #free: number[] = [];

  /** The smallest free buffer that fits, else the largest one, made larger; a new one if none is free. */
  take(bytes: number, label: string): number {
    const bySize = this.#free.toSorted((a, b) => this.slots[a].bytes - this.slots[b].bytes);
    const chosen = bySize.find((buffer) => this.slots[buffer].bytes >= bytes) ?? bySize.at(-1);
    if (chosen === undefined) return this.slots.push({ bytes, label }) - 1;
    this.#free.splice(this.#free.indexOf(chosen), 1);
    if (bytes > this.slots[chosen].bytes) this.slots[chosen] = { bytes, label };
    return chosen;
  }

  give(buffer: number): void {
    this.#free.push(buffer);
  }
}
