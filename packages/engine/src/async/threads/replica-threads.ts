import { MessageChannel } from 'node:worker_threads';
import { Actor, handOver, type Remote } from '../../execute/actor.js';
import { errorOf } from '../../execute/failure.js';
import { RuntimeError } from '../../errors.js';
import { Probe } from '../shared-memory/adding.js';
import { Claims } from '../shared-memory/claim.js';
import { AtomicWords } from '../shared-memory/shared-words.js';
import type { OwnerActor, PassEnd } from './owner-actor.js';
import type { PassOrder, PassReport, ReplicaDriver } from '../replica-driver.js';
import type { ReplicaActor } from './replica-actor.js';
import { resetShared } from './reset-shared.js';
import { LineWord, lineOf, PROBE_CELLS } from './run-layout.js';
import type { RunSetup } from './run-setup.js';

/** The threads of an asynchronous run, as the caller's thread sees them: one owner and several replicas, all of them actors. */
export class ReplicaThreads implements ReplicaDriver {
  readonly #owner: Actor<OwnerActor>;
  readonly #replicas: readonly Actor<ReplicaActor>[];
  readonly #live = new Set<number>();
  #setup: RunSetup | null = null;
  #words: AtomicWords | null = null;
  #passes = 0;
  #running = false;
  #devices: readonly (string | null)[] = [];
  partialUpdates = 0;

  private constructor(owner: Actor<OwnerActor>, replicas: readonly Actor<ReplicaActor>[]) {
    this.#owner = owner;
    this.#replicas = replicas;
    replicas.forEach((actor, replica) => {
      this.#live.add(replica);
      actor.died.catch(() => this.#lose(replica));
    });
  }

  static async start(count: number): Promise<ReplicaThreads> {
    const replicaUrl = new URL('./replica-actor.js', import.meta.url);
    const owner = Actor.start<OwnerActor>(new URL('./owner-actor.js', import.meta.url));
    const replicas = Array.from({ length: count }, () => Actor.start<ReplicaActor>(replicaUrl));
    try {
      const threads = new ReplicaThreads(await owner, await Promise.all(replicas));
      await Promise.all(threads.#replicas.map((_, replica) => threads.#connect(replica)));
      return threads;
    } catch (error) {
      const started = await Promise.allSettled([owner, ...replicas]);
      for (const each of started) if (each.status === 'fulfilled') await each.value.dispose();
      throw error;
    }
  }

  async #connect(replica: number): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    await this.#owner.call((remote) => remote.connect(replica, handOver(port1)));
    await this.#replicas[replica]?.call((remote) => remote.connect(handOver(port2)));
  }

  get live(): readonly number[] {
    return [...this.#live];
  }

  get side(): 0 | 1 {
    return this.#word('owner', LineWord.side) as 0 | 1;
  }

  get devices(): readonly (string | null)[] {
    return this.#devices;
  }

  get lostShare(): number {
    const { layout } = this.#setup as RunSetup;
    const { tried, lost } = new Probe(this.#words as AtomicWords, layout.probe, PROBE_CELLS);
    return tried === 0 ? 0 : lost / tried;
  }

  async open(setup: RunSetup): Promise<void> {
    this.#setup = setup;
    this.#words = new AtomicWords(setup.memory.buffer);
    resetShared(setup, this.#words);
    const [owner, ...opened] = await Promise.all([
      this.#owner.call((remote) => remote.open(setup)),
      ...this.#replicas.map((_, replica) => this.#call(replica, (remote) => remote.open(setup, replica))),
    ]);
    this.#devices = opened.map((each) => each?.device ?? null);
    const failure = [owner, ...opened.map((each) => each?.failure)].find((each) => each);
    if (failure) throw errorOf(failure);
  }

  async pass(given: PassOrder): Promise<PassReport> {
    const { layout, replicas } = this.#setup as RunSetup;
    const started = performance.now();
    const { begin, end } = given.units;
    const words = this.#words as AtomicWords;
    // Whoever asks for the side before the owner has begun finds the one that it begins with.
    words.store(lineOf(layout, 'owner') + LineWord.side, given.side);
    new Claims(words, layout.claims, end - begin).reset();
    const pass = { ...given, number: this.#passes++ };
    await Promise.all(this.live.map((replica) => this.#call(replica, (remote) => remote.begin({ ...pass, live: [] }))));
    const failed = Promise.race(this.live.map((replica) => this.#failureOf(replica)));
    try {
      this.#refuseEmpty();
      const begun = this.#owner.call((remote) => remote.begin({ ...pass, live: this.live }));
      const ended = this.#owner.call((remote) => remote.run());
      this.#running = true;
      await begun;
      const { failure, staleness, order } = await Promise.race([ended, failed]);
      if (failure !== null) throw errorOf(failure);
      this.#refuseEmpty();
      return {
        seconds: (performance.now() - started) / 1000,
        staleness,
        order,
        shares: replicas.map((_, replica) => ({
          batches: this.#word(replica, LineWord.units),
          busySeconds: this.#word(replica, LineWord.busy) / 10_000,
        })),
      };
    } catch (error) {
      // What failed first is told, not what fails because of it.
      await this.stop().catch(() => undefined);
      throw error;
    } finally {
      this.#running = false;
    }
  }

  async pause(): Promise<void> {
    await this.#owner.call((remote) => remote.pause());
    if ((this.#setup as RunSetup).roles.shared.length === 0) return;
    await Promise.all(this.live.map((replica) => this.#call(replica, (remote) => remote.pause())));
  }

  async resume(): Promise<void> {
    await Promise.all(this.live.map((replica) => this.#call(replica, (remote) => remote.resume())));
    await this.#owner.call((remote) => remote.resume());
  }

  /** Replicas answer in order: when they have answered this, a pass that was about to begin has begun. */
  async stop(): Promise<void> {
    await Promise.all(this.live.map((replica) => this.#call(replica, (remote) => remote.pause())));
    await this.#owner.call((remote) => remote.stop());
  }

  async dispose(): Promise<void> {
    if (this.#setup?.device) await this.#closeDevices();
    await Promise.all([this.#owner, ...this.#replicas].map((actor) => actor.dispose()));
  }

  /** Each by the thread that has opened it, and before that thread is ended. A thread that has ended has none to close. */
  async #closeDevices(): Promise<void> {
    await Promise.allSettled([
      this.#owner.call((remote) => remote.close()),
      ...this.live.map((replica) => this.#call(replica, (remote) => remote.close())),
    ]);
  }

  /** A replica may end at any moment; what it would have answered is then undefined. */
  async #call<R>(replica: number, verb: (remote: Remote<ReplicaActor>) => Promise<R>): Promise<R | undefined> {
    const actor = this.#replicas[replica] as Actor<ReplicaActor>;
    try {
      return await actor.call(verb);
    } catch (error) {
      if (this.#live.has(replica)) throw error;
      return undefined;
    }
  }

  /** Settles only if the replica fails, not if it ends. */
  async #failureOf(replica: number): Promise<PassEnd> {
    const failure = await this.#call(replica, (remote) => remote.failed());
    if (!failure) return new Promise(() => undefined);
    return { failure, staleness: [], order: [] };
  }

  #lose(replica: number): void {
    this.#live.delete(replica);
    if (this.#setup && this.#word(replica, LineWord.adding) !== 0) this.partialUpdates++;
    if (!this.#running) return;
    // If the owner's thread has ended too, the running pass says so.
    this.#owner.call((remote) => (this.#live.size > 0 ? remote.lost(replica) : remote.stop())).catch(() => undefined);
  }

  /** A word of a party's line. */
  #word(party: number | 'owner', word: number): number {
    const { layout } = this.#setup as RunSetup;
    return (this.#words as AtomicWords).load(lineOf(layout, party) + word);
  }

  #refuseEmpty(): void {
    if (this.#live.size > 0) return;
    throw new RuntimeError(
      'fit: the threads of all replicas have ended; the weights are those of the last whole update',
      'WORKER_DIED',
    );
  }
}
