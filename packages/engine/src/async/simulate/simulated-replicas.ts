import { setImmediate } from 'node:timers/promises';
import { RuntimeError } from '../../errors.js';
import { loadKernels } from '../../execute/load-kernels.js';
import { loadParties } from '../load-parties.js';
import type { PassOrder, PassReport, ReplicaDriver } from '../replica-driver.js';
import { AtomicWords } from '../shared-memory/shared-words.js';
import { Claims } from '../shared-memory/claim.js';
import { KernelRunners } from '../threads/kernel-runners.js';
import { resetShared } from '../threads/reset-shared.js';
import { blockLength, LineWord, lineOf } from '../threads/run-layout.js';
import type { Pass, RunSetup } from '../threads/run-setup.js';
import { ThreadOwnerStore, type OwnerRunners } from '../threads/thread-owner-store.js';
import { ThreadReplicaStore, type ReplicaRunners } from '../threads/thread-replica-store.js';
import { VirtualRun } from './virtual-run.js';
import type { World } from '../../define/world.js';

/** Milliseconds after which the caller's thread gets a breath. */
const BREATH_MS = 5;

interface Opened {
  readonly setup: RunSetup;
  readonly words: AtomicWords;
  readonly parties: Awaited<ReturnType<typeof loadParties>>;
  readonly owner: OwnerRunners;
  readonly replicas: readonly ReplicaRunners[];
}

/** The stores of the threads, all on the caller's one, driven by virtual time. */
export class SimulatedReplicas implements ReplicaDriver {
  readonly devices: readonly null[] = [];
  readonly lostShare = 0;
  readonly partialUpdates = 0;
  readonly #world: World;
  readonly #live: Set<number>;
  #opened: Opened | null = null;
  #passes = 0;
  #stopped = false;
  #paused: Promise<void> | null = null;
  #resume: () => void = () => undefined;
  /** Virtual milliseconds of the passes before. */
  #before = 0;

  constructor(count: number, world: World) {
    this.#world = world;
    this.#live = new Set(Array.from({ length: count }, (_, replica) => replica));
  }

  get live(): readonly number[] {
    return [...this.#live];
  }

  get side(): 0 | 1 {
    const { words, setup } = this.#opened as Opened;
    return words.load(lineOf(setup.layout, 'owner') + LineWord.side) as 0 | 1;
  }

  async open(setup: RunSetup): Promise<void> {
    const words = new AtomicWords(setup.memory.buffer);
    resetShared(setup, words);
    const make = new KernelRunners(setup, await loadKernels(setup.sources, setup.memory));
    this.#opened = {
      setup,
      words,
      parties: await loadParties(setup.strategy.parties),
      owner: ThreadOwnerStore.runners(setup, make),
      replicas: await Promise.all(setup.replicas.map((_, replica) => ThreadReplicaStore.runners(setup, replica, make))),
    };
  }

  async pass(order: PassOrder): Promise<PassReport> {
    const { setup, words, parties, owner, replicas } = this.#opened as Opened;
    const pass: Pass = { ...order, number: this.#passes++, live: this.live };
    const claims = new Claims(words, setup.layout.claims, pass.units.end - pass.units.begin);
    claims.reset();
    const stores = new Map(
      this.live.map((replica) => [
        replica,
        new ThreadReplicaStore(setup, replica, words, replicas[replica] as ReplicaRunners, pass),
      ]),
    );
    const ownerStore = new ThreadOwnerStore(setup, words, owner, pass);
    const run = new VirtualRun({
      parties,
      options: setup.strategy.options,
      replicas: setup.replicas.length,
      live: this.live,
      world: this.#worldFrom(this.#before),
      megabytes: (4 * blockLength(setup.roles.weights)) / 1e6,
      stores: {
        owner: () => ownerStore,
        replica: (replica) => stores.get(replica) as ThreadReplicaStore,
        lost: (replica) => {
          claims.revoke(replica);
          ownerStore.releaseHolds(replica);
        },
      },
      units: pass.units,
    });
    this.#stopped = false;
    await this.#toTheEnd(run);
    this.#before += run.now;
    for (const replica of run.lost) this.#live.delete(replica);
    if (!run.finished && !this.#stopped) {
      throw new RuntimeError(
        'fit: all simulated replicas have ended; the weights are those of the last whole update',
        'WORKER_DIED',
      );
    }
    ownerStore.settle(this.live);
    return {
      seconds: run.now / 1000,
      staleness: ownerStore.staleness.counts,
      order: ownerStore.order,
      shares: setup.replicas.map((_, replica) => {
        const { batches = 0, busyMs = 0 } = run.shares.get(replica) ?? {};
        return { batches, busySeconds: busyMs / 1000 };
      }),
    };
  }

  async pause(): Promise<void> {
    this.#paused ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  async resume(): Promise<void> {
    this.#paused = null;
    this.#resume();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
  }

  async dispose(): Promise<void> {
    this.#opened = null;
  }

  async #toTheEnd(run: VirtualRun): Promise<void> {
    for (let breath = performance.now(); !this.#stopped && run.step();) {
      if (performance.now() - breath < BREATH_MS && this.#paused === null) continue;
      await setImmediate();
      if (this.#paused) await this.#paused;
      breath = performance.now();
    }
  }

  /** Losses are told in the time of the whole run, a pass begins at 0. */
  #worldFrom(before: number): World {
    const losses = this.#world.losses ?? [];
    return {
      ...this.#world,
      losses: losses.map(({ replica, atMs }) => ({ replica, atMs: Math.max(0, atMs - before) })),
    };
  }
}
