import type { Owner, OwnerStore, Parties, Replica, ReplicaStore, Units } from '../parties.js';
import { Agenda } from './agenda.js';
import { OwnerLink } from './owner-link.js';
import { TimedOwnerStore, TimedReplicaStore } from './timed-stores.js';
import { VirtualParty, type VirtualTime } from './virtual-party.js';
import type { World } from '../../define/world.js';

/** Parameters and data of a simulated run, or what stands for them. */
export interface Stores {
  owner(): OwnerStore;
  replica(replica: number): ReplicaStore;
  /** A replica is gone: what it had claimed is free, what it read is let go. */
  lost(replica: number): void;
}

export interface VirtualRunInput {
  readonly parties: Parties<unknown, unknown>;
  readonly options: object;
  readonly replicas: number;
  readonly live: readonly number[];
  readonly world: World;
  /** Of all weights. */
  readonly megabytes: number;
  readonly stores: Stores;
  readonly units: Units;
}

/** What became of one replica. */
export interface VirtualShare {
  readonly batches: number;
  readonly busyMs: number;
  readonly lost: boolean;
}

/** One pass of a strategy's parties on virtual time: the second driver, beside the threads. */
export class VirtualRun {
  readonly #input: VirtualRunInput;
  readonly #time: VirtualTime = { now: 0, agenda: new Agenda() };
  readonly #ownerParty: VirtualParty;
  readonly #owner: Owner<unknown>;
  readonly #machines = new Map<number, { party: VirtualParty; replica: Replica<unknown>; store: TimedReplicaStore }>();
  readonly #lost = new Set<number>();
  /** When a message on each way arrives at the earliest: none overtakes another. */
  readonly #arrivals = new Map<string, number>();
  #finished = false;

  constructor(input: VirtualRunInput) {
    const { parties, options, world, stores, live, replicas } = input;
    this.#input = input;
    const { megabytesPerSecond = Infinity, updateMs = 0, computeMs, losses = [] } = world;
    const link = new OwnerLink((1000 * input.megabytes) / megabytesPerSecond);
    const party = new VirtualParty(this.#time);
    this.#ownerParty = party;
    this.#owner = parties.owner({
      replicas,
      options,
      store: new TimedOwnerStore(stores.owner(), { party, link }, updateMs),
      clock: party,
      send: (to, message) => this.#send('owner', to, message),
      finish: () => {
        this.#finished = true;
      },
    });
    for (const replica of live) {
      const own = new VirtualParty(this.#time);
      const timed = (unit: number): number => (typeof computeMs === 'number' ? computeMs : computeMs(replica, unit));
      const store = new TimedReplicaStore(stores.replica(replica), { party: own, link }, timed);
      const send = (message: unknown): void => this.#send(replica, 'owner', message);
      const made = parties.replica({ replica, options, store, clock: own, send });
      this.#machines.set(replica, { party: own, replica: made, store });
    }
    for (const { replica, atMs } of losses) {
      if (live.includes(replica)) this.#time.agenda.add(atMs, () => this.#lose(replica));
    }
    party.post(() => this.#owner.begin(input.units, live));
  }

  /** Milliseconds of the run so far. */
  get now(): number {
    return this.#time.now;
  }

  get lost(): ReadonlySet<number> {
    return this.#lost;
  }

  /** By replica; those that had ended before the pass have no share. */
  get shares(): ReadonlyMap<number, VirtualShare> {
    return new Map(
      [...this.#machines].map(([replica, { party, store }]) => [
        replica,
        { batches: store.units, busyMs: party.busyMs, lost: this.#lost.has(replica) },
      ]),
    );
  }

  /** Whether all batches are done. */
  get finished(): boolean {
    return this.#finished;
  }

  /** @returns false when nothing is left to happen, or all batches are done */
  step(): boolean {
    if (this.#finished) return false;
    const entry = this.#time.agenda.next();
    if (!entry) return false;
    this.#time.now = entry.time;
    entry.action();
    return true;
  }

  #send(from: number | 'owner', to: number | 'owner', message: unknown): void {
    const sender = from === 'owner' ? this.#ownerParty : this.#machines.get(from)?.party;
    const now = sender?.now() ?? this.#time.now;
    const { latencyMs = 0 } = this.#input.world;
    const latency = typeof latencyMs === 'number' ? latencyMs : latencyMs({ from, to, message, now });
    const way = `${from} ${to}`;
    const arrival = Math.max(now + latency, this.#arrivals.get(way) ?? 0);
    this.#arrivals.set(way, arrival);
    this.#time.agenda.add(arrival, () => this.#arrive(from, to, message));
  }

  #arrive(from: number | 'owner', to: number | 'owner', message: unknown): void {
    if (to !== 'owner') {
      const machine = this.#machines.get(to);
      machine?.party.post(() => machine.replica.receive(message));
    } else if (from !== 'owner') {
      this.#ownerParty.post(() => {
        if (!this.#lost.has(from)) this.#owner.receive(from, message);
      });
    }
  }

  #lose(replica: number): void {
    this.#machines.get(replica)?.party.end();
    this.#ownerParty.post(() => {
      this.#lost.add(replica);
      this.#input.stores.lost(replica);
      if (this.#lost.size < this.#input.live.length) this.#owner.lost(replica);
    });
  }
}
