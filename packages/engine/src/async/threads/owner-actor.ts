/** Entry of the thread that owns the parameters of an asynchronous run. */
import type { MessagePort } from 'node:worker_threads';
import { exposeActor, reach, serve, type Remote } from '../../execute/actor.js';
import { failureOf, type Failure } from '../../execute/failure.js';
import type { Gradient, Owner, Parties } from '../parties.js';
import { Claims } from '../shared-memory/claim.js';
import { AtomicWords } from '../shared-memory/shared-words.js';
import { Computing } from './computing.js';
import { Inbox } from './inbox.js';
import { loadParties } from '../load-parties.js';
import type { ReplicaActor } from './replica-actor.js';
import type { Pass, RunSetup } from './run-setup.js';
import { ThreadClock } from './thread-clock.js';
import { ThreadOwnerStore, type OwnerRunners } from './thread-owner-store.js';

/** How a pass has ended. */
export interface PassEnd {
  readonly failure: Failure | null;
  /** Number of updates by their staleness. */
  readonly staleness: readonly number[];
  readonly order: readonly Gradient[];
}

interface Opened {
  readonly setup: RunSetup;
  readonly parties: Parties<unknown, unknown>;
  readonly runners: OwnerRunners;
  readonly words: AtomicWords;
}

/** What is under way. */
interface Running {
  readonly pass: Pass;
  readonly store: ThreadOwnerStore;
  readonly owner: Owner<unknown>;
  readonly live: Set<number>;
  readonly end: (failure: Failure | null) => void;
}

export class OwnerActor {
  #opened: Opened | null = null;
  #running: Running | null = null;
  readonly #computing = new Computing(null);
  readonly #replicas = new Map<number, Remote<Pick<ReplicaActor, 'receive'>>>();
  readonly #inbox = new Inbox((error) => this.#running?.end(failureOf(error, 'owner of the parameters')));

  /** @returns what is wrong, or null */
  async open(setup: RunSetup): Promise<Failure | null> {
    try {
      const make = await this.#computing.runnersFor(setup);
      const parties = await loadParties(setup.strategy.parties);
      const runners = ThreadOwnerStore.runners(setup, make);
      this.#opened = { setup, parties, runners, words: new AtomicWords(setup.memory.buffer) };
      return null;
    } catch (error) {
      return failureOf(error, 'owner of the parameters');
    }
  }

  connect(replica: number, port: MessagePort): void {
    serve(port, { receive: this.receive.bind(this) });
    this.#replicas.set(replica, reach<Pick<ReplicaActor, 'receive'>>(port));
  }

  /** Publishes the parameters, so that replicas can be told to begin. */
  begin(pass: Pass): void {
    const { setup, parties, runners, words } = this.#opened as Opened;
    this.#inbox.clear();
    const store = new ThreadOwnerStore(setup, words, runners, pass);
    const owner = parties.owner({
      replicas: setup.replicas.length,
      options: setup.strategy.options,
      store,
      clock: new ThreadClock(this.#inbox, () => undefined),
      send: (replica, message) => void this.#replicas.get(replica)?.receive(pass.number, message),
      finish: () => this.#running?.end(null),
    });
    this.#running = { pass, store, owner, live: new Set(pass.live), end: () => undefined };
  }

  /** Resolves when all batches of the pass are done, or something has failed, or it is stopped. */
  run(): Promise<PassEnd> {
    const begun = this.#running as Running;
    return new Promise((resolve) => {
      const end = (failure: Failure | null): void => {
        if (this.#running?.pass !== begun.pass) return;
        this.#running = null;
        this.#inbox.clear();
        // After a failure replicas may still be training: what they keep is then theirs, and the engine's stays as it was.
        if (failure === null) begun.store.settle([...begun.live]);
        resolve({ failure, staleness: begun.store.staleness.counts, order: begun.store.order });
      };
      this.#running = { ...begun, end };
      this.#inbox.push(() => begun.owner.begin(begun.pass.units, begun.pass.live));
    });
  }

  /** From a replica; what a dead one or an earlier pass has left is dropped. */
  receive(replica: number, pass: number, message: unknown): void {
    this.#inbox.push(() => {
      if (this.#running?.pass.number !== pass || !this.#running.live.has(replica)) return;
      this.#running.owner.receive(replica, message);
    });
  }

  /** A replica's thread has ended. */
  lost(replica: number): void {
    const { setup, words } = this.#opened as Opened;
    this.#inbox.push(() => {
      if (!this.#running?.live.delete(replica)) return;
      const { units } = this.#running.pass;
      new Claims(words, setup.layout.claims, units.end - units.begin).revoke(replica);
      this.#running.store.releaseHolds(replica);
      this.#running.owner.lost(replica);
    });
  }

  /** The running turn has ended when this is answered, and no other begins. */
  pause(): void {
    this.#inbox.pause();
  }

  resume(): void {
    this.#inbox.resume();
  }

  /** After the running turn; there is no other. */
  async close(): Promise<void> {
    this.#inbox.pause();
    await this.#computing.close();
  }

  /** Ends the pass where it is. */
  stop(): void {
    this.#running?.end(null);
  }
}

exposeActor(new OwnerActor());
