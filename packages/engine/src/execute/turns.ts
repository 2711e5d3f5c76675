interface Waiting {
  readonly grant: () => void;
  readonly contended: (() => void) | undefined;
}

/** Who may use the engine's memory: one at a time, first come, first served. */
export class Turns {
  readonly #queue: Waiting[] = [];
  #holder: Waiting | null = null;

  /**
   * Waits for the turn. `contended` is called when somebody else waits, at once if they already do: a long run
   * then leaves after its running step and queues again.
   *
   * @returns ends the turn
   */
  async take(contended?: () => void): Promise<() => void> {
    await new Promise<void>((grant) => {
      this.#queue.push({ grant, contended });
      if (this.#holder) this.#holder.contended?.();
      else this.#next();
    });
    return () => this.#next();
  }

  #next(): void {
    this.#holder = this.#queue.shift() ?? null;
    this.#holder?.grant();
    if (this.#queue.length > 0) this.#holder?.contended?.();
  }
}
