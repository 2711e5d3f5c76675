import type { Gradient, OwnerStore, ReplicaStore, Results } from '../parties.js';
import type { OwnerLink } from './owner-link.js';
import type { VirtualParty } from './virtual-party.js';

interface Timing {
  readonly party: VirtualParty;
  readonly link: OwnerLink;
}

/** A replica's store whose verbs take virtual time. */
export class TimedReplicaStore implements ReplicaStore {
  readonly #inner: ReplicaStore;
  readonly #timing: Timing;
  readonly #computeMs: (unit: number) => number;
  /** Batches computed. */
  units = 0;

  constructor(inner: ReplicaStore, timing: Timing, computeMs: (unit: number) => number) {
    this.#inner = inner;
    this.#timing = timing;
    this.#computeMs = computeMs;
  }

  claim(): number | null {
    return this.#inner.claim();
  }

  pull(): number {
    this.#transfer();
    return this.#inner.pull();
  }

  pullShared(): void {
    this.#transfer();
    this.#inner.pullShared();
  }

  gradient(unit: number): number {
    this.#compute(unit);
    const share = this.#inner.gradient(unit);
    this.#timing.link.transfer(this.#timing.party, share);
    return share;
  }

  update(unit: number): Results {
    this.#compute(unit);
    return this.#inner.update(unit);
  }

  finish(unit: number): void {
    this.#inner.finish(unit);
  }

  addToShared(): number {
    this.#transfer();
    return this.#inner.addToShared();
  }

  approach(): void {
    this.#transfer();
    this.#inner.approach();
  }

  #compute(unit: number): void {
    this.units++;
    this.#timing.party.charge(this.#computeMs(unit));
  }

  #transfer(): void {
    this.#timing.link.transfer(this.#timing.party);
  }
}

/** The owner's store whose verbs take virtual time. */
export class TimedOwnerStore implements OwnerStore {
  readonly #inner: OwnerStore;
  readonly #timing: Timing;
  readonly #updateMs: number;

  constructor(inner: OwnerStore, timing: Timing, updateMs: number) {
    this.#inner = inner;
    this.#timing = timing;
    this.#updateMs = updateMs;
  }

  get version(): number {
    return this.#inner.version;
  }

  apply(gradients: readonly Gradient[]): void {
    this.#timing.party.charge(this.#updateMs);
    this.#inner.apply(gradients);
  }

  average(replicas: readonly number[]): void {
    for (let i = 0; i < replicas.length; i++) this.#timing.link.transfer(this.#timing.party);
    this.#timing.party.charge(this.#updateMs);
    this.#inner.average(replicas);
  }

  attract(replica: number): void {
    this.#timing.link.transfer(this.#timing.party);
    this.#timing.party.charge(this.#updateMs);
    this.#inner.attract(replica);
  }

  record(step: Parameters<OwnerStore['record']>[0]): void {
    this.#inner.record(step);
  }
}
