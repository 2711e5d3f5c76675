/** Which replicas are there, and which of them have nothing left to do. */
export class RollCall {
  readonly #live: Set<number>;
  readonly #idle = new Set<number>();
  /** Those whose next word that nothing is left may be older than a loss, which has left something. */
  readonly #doubted = new Set<number>();

  constructor(live: readonly number[]) {
    this.#live = new Set(live);
  }

  get live(): readonly number[] {
    return [...this.#live];
  }

  get idle(): readonly number[] {
    return [...this.#idle];
  }

  get allIdle(): boolean {
    return this.#idle.size === this.#live.size;
  }

  rest(replica: number): void {
    this.#idle.add(replica);
  }

  wake(replica: number): void {
    this.#idle.delete(replica);
  }

  lose(replica: number): void {
    this.#live.delete(replica);
    for (const set of [this.#idle, this.#doubted]) set.delete(replica);
    for (const other of this.#live) if (!this.#idle.has(other)) this.#doubted.add(other);
  }

  /** Whether a replica that has found nothing to do may have looked before a loss. Said once for each loss. */
  mustLookAgain(replica: number): boolean {
    return this.#doubted.delete(replica);
  }
}
