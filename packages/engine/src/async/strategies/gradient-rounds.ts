import type { Gradient, Owner, OwnerContext, Units } from '../parties.js';
import type { Compute, Computed } from './parameter-server-parties.js';
import { UnitQueue } from './unit-queue.js';

/**
 * The parameter server without staleness. A round is one batch of synchronous training, of which each replica computes a shard;
 * its gradients are summed as a synchronous step sums its shards, and applied once. What a lost replica leaves, others compute, so that
 * the bits stay those of synchronous training.
 */
export class GradientRounds implements Owner<Computed> {
  readonly #context: OwnerContext<Compute>;
  readonly #live = new Set<number>();
  readonly #computing = new Map<number, number>();
  #end = 0;
  #round: Units = { begin: 0, end: 0 };
  #queue = new UnitQueue(this.#round);
  #gradients: Gradient[] = [];

  constructor(context: OwnerContext<Compute>) {
    this.#context = context;
  }

  begin({ begin, end }: Units, live: readonly number[]): void {
    this.#end = end;
    this.#live.clear();
    for (const replica of live) this.#live.add(replica);
    this.#startRound(begin);
  }

  receive(replica: number, { unit, version }: Computed): void {
    this.#computing.delete(replica);
    this.#gradients.push({ replica, unit, version });
    const { begin, end } = this.#round;
    if (this.#gradients.length < end - begin) {
      this.#offer();
      return;
    }
    this.#context.store.apply(this.#gradients.toSorted((a, b) => a.unit - b.unit));
    this.#startRound(end);
  }

  lost(replica: number): void {
    this.#live.delete(replica);
    const unit = this.#computing.get(replica);
    this.#computing.delete(replica);
    if (unit !== undefined) this.#queue.giveBack(unit);
    this.#offer();
  }

  #startRound(begin: number): void {
    this.#round = { begin, end: Math.min(this.#end, begin + this.#context.replicas) };
    this.#queue = new UnitQueue(this.#round);
    this.#gradients = [];
    if (begin >= this.#end) this.#context.finish();
    else this.#offer();
  }

  #offer(): void {
    for (const replica of this.#live) {
      if (this.#computing.has(replica)) continue;
      const unit = this.#queue.take();
      if (unit === null) return;
      this.#computing.set(replica, unit);
      this.#context.send(replica, { unit });
    }
  }
}
