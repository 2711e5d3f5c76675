/** How often an update was so and so stale: by how many others had come between what it was computed from and it. */
export class StalenessCounts {
  readonly #counts: number[] = [];

  add(staleness: number): void {
    while (this.#counts.length <= staleness) this.#counts.push(0);
    this.#counts[staleness] = (this.#counts[staleness] as number) + 1;
  }

  /** By staleness, from 0. */
  get counts(): readonly number[] {
    return this.#counts;
  }
}
