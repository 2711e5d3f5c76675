/** Which replicas are there, and which of them have nothing left to do. */
export class RollCall {
  readonly #live: Set<number>;
  readonly #idle = new Set<number>();

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
    this.#idle.delete(replica);
  }
}
