import { defineParties, type Gradient, type OwnerContext, type Owner, type Units } from '../parties.js';
import { GradientRounds } from './gradient-rounds.js';
import { UnitQueue } from './unit-queue.js';

/** To a replica: compute the gradient of this batch. */
export interface Compute {
  readonly unit: number;
}

/** To the owner: the gradient of that batch is there. */
export type Computed = Omit<Gradient, 'replica'>;

export interface ServerOptions {
  readonly staleness: number;
}

/**
 * Stale synchronous parallel (Ho et al. 2013): gradients are applied one by one as they come, and a replica starts its step t
 * only when every live replica's gradients up to step t − s − 1 are applied.
 */
export class BoundedServer implements Owner<Computed> {
  readonly #context: OwnerContext<Compute>;
  readonly #staleness: number;
  /** Gradients applied in this pass, of each live replica. */
  readonly #applied = new Map<number, number>();
  /** The batch that each replica is computing. */
  readonly #computing = new Map<number, number>();
  #queue = new UnitQueue({ begin: 0, end: 0 });

  constructor(context: OwnerContext<Compute>, staleness: number) {
    this.#context = context;
    this.#staleness = staleness;
  }

  begin(units: Units, live: readonly number[]): void {
    this.#queue = new UnitQueue(units);
    this.#applied.clear();
    for (const replica of live) this.#applied.set(replica, 0);
    this.#startAllowed();
  }

  receive(replica: number, { unit, version }: Computed): void {
    this.#computing.delete(replica);
    this.#context.store.apply([{ replica, unit, version }]);
    this.#applied.set(replica, (this.#applied.get(replica) ?? 0) + 1);
    this.#startAllowed();
  }

  lost(replica: number): void {
    this.#applied.delete(replica);
    const unit = this.#computing.get(replica);
    this.#computing.delete(replica);
    if (unit !== undefined) this.#queue.giveBack(unit);
    this.#startAllowed();
  }

  #startAllowed(): void {
    const least = Math.min(...this.#applied.values());
    for (const [replica, steps] of this.#applied) {
      if (this.#computing.has(replica) || steps - least > this.#staleness) continue;
      const unit = this.#queue.take();
      if (unit === null) break;
      this.#computing.set(replica, unit);
      this.#context.send(replica, { unit });
    }
    if (this.#queue.isEmpty && this.#computing.size === 0) this.#context.finish();
  }
}

export default defineParties<Computed, Compute>({
  owner(context) {
    const { staleness } = context.options as ServerOptions;
    return staleness === 0 ? new GradientRounds(context) : new BoundedServer(context, staleness);
  },
  replica({ store, clock, send }) {
    return {
      receive({ unit }) {
        const version = store.pull();
        clock.spend(
          () => store.gradient(unit),
          () => send({ unit, version }),
        );
      },
    };
  },
});
