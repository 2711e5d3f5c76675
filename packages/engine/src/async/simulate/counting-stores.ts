import type { Gradient, OwnerStore, ReplicaStore, Results, Units } from '../parties.js';
import { StalenessCounts } from '../staleness-counts.js';
import type { Stores } from './virtual-run.js';

/** Stores without parameters or data: they count what a run does, for up to a thousand replicas and more. */
export class CountingStores implements Stores {
  readonly staleness = new StalenessCounts();
  readonly #end: number;
  readonly #freed: number[] = [];
  readonly #claimed = new Map<number, number>();
  #next: number;
  #version = 0;

  constructor({ begin, end }: Units) {
    this.#next = begin;
    this.#end = end;
  }

  owner(): OwnerStore {
    const version = (): number => this.#version;
    return {
      get version() {
        return version();
      },
      apply: (gradients: readonly Gradient[]) => {
        for (const gradient of gradients) this.staleness.add(this.#version - gradient.version);
        this.#version++;
      },
      average: () => {
        this.#version++;
      },
      attract: () => {
        this.#version++;
      },
      record: ({ staleness }) => this.staleness.add(staleness),
    };
  }

  replica(replica: number): ReplicaStore {
    let seen = 0;
    return {
      claim: () => this.#claim(replica),
      pull: () => this.#version,
      pullShared: () => {
        seen = this.#version;
      },
      gradient: () => 1,
      update: (): Results => [1],
      finish: () => {
        this.#claimed.delete(replica);
      },
      addToShared: () => this.#version++ - seen,
      approach: () => undefined,
    };
  }

  lost(replica: number): void {
    const unit = this.#claimed.get(replica);
    this.#claimed.delete(replica);
    if (unit !== undefined) this.#freed.push(unit);
  }

  #claim(replica: number): number | null {
    const unit = this.#freed.shift() ?? (this.#next < this.#end ? this.#next++ : null);
    if (unit !== null) this.#claimed.set(replica, unit);
    return unit;
  }
}
