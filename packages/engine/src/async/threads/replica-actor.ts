/** Entry of a replica's thread. */
import type { MessagePort } from 'node:worker_threads';
import { exposeActor, reach, serve, type Remote } from '../../execute/actor.js';
import { failureOf, type Failure } from '../../execute/failure.js';
import type { Parties, Replica } from '../parties.js';
import { AtomicWords } from '../shared-memory/shared-words.js';
import { Computing } from './computing.js';
import { Inbox } from './inbox.js';
import { loadParties } from '../load-parties.js';
import type { OwnerActor } from './owner-actor.js';
import { LineWord, lineOf } from './run-layout.js';
import type { Pass, RunSetup } from './run-setup.js';
import { ThreadClock } from './thread-clock.js';
import { ThreadReplicaStore, type ReplicaRunners } from './thread-replica-store.js';

interface Opened {
  readonly setup: RunSetup;
  readonly parties: Parties<unknown, unknown>;
  readonly runners: ReplicaRunners;
  readonly words: AtomicWords;
}

/** How opening has ended. */
export interface ReplicaOpened {
  readonly failure: Failure | null;
  /** Name of the device that the replica computes on, where it is one. */
  readonly device: string | null;
}

export class ReplicaActor {
  #opened: Opened | null = null;
  #owner: Remote<Pick<OwnerActor, 'receive'>> | null = null;
  #number = 0;
  #computing: Computing | null = null;
  #replica: Replica<unknown> | null = null;
  #passNumber = -1;
  #fail: (error: unknown) => void = () => undefined;
  readonly #inbox = new Inbox((error) => this.#fail(error));

  async open(setup: RunSetup, replica: number): Promise<ReplicaOpened> {
    this.#number = replica;
    const computing = (this.#computing ??= new Computing(replica));
    try {
      const make = await computing.runnersFor(setup);
      const parties = await loadParties(setup.strategy.parties);
      this.#opened = {
        setup,
        parties,
        runners: await ThreadReplicaStore.runners(setup, replica, make),
        words: new AtomicWords(setup.memory.buffer),
      };
      return { failure: null, device: computing.device };
    } catch (error) {
      return { failure: failureOf(error, `replica ${replica}`), device: computing.device };
    }
  }

  connect(port: MessagePort): void {
    serve(port, { receive: this.receive.bind(this) });
    this.#owner = reach<Pick<OwnerActor, 'receive'>>(port);
  }

  /** Takes the owner's parameters, while nobody changes them. */
  begin(pass: Pass): void {
    const { setup, parties, runners, words } = this.#opened as Opened;
    this.#inbox.clear();
    this.#passNumber = pass.number;
    const busy = lineOf(setup.layout, this.#number) + LineWord.busy;
    let spent = 0;
    words.store(busy, 0);
    words.store(lineOf(setup.layout, this.#number) + LineWord.units, 0);
    this.#replica = parties.replica({
      replica: this.#number,
      options: setup.strategy.options,
      store: new ThreadReplicaStore(setup, this.#number, words, runners, pass),
      clock: new ThreadClock(this.#inbox, (ms) => {
        spent += ms;
        words.store(busy, Math.round(spent * 10));
      }),
      // The owner answers with messages of its own; that the call returns says nothing.
      send: (message) => void this.#owner?.receive(this.#number, pass.number, message),
    });
  }

  receive(pass: number, message: unknown): void {
    if (pass !== this.#passNumber) return;
    this.#inbox.push(() => this.#replica?.receive(message));
  }

  /** Resolves when a step of this replica fails. */
  failed(): Promise<Failure> {
    return new Promise((resolve) => {
      this.#fail = (error) => resolve(failureOf(error, `replica ${this.#number}`));
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
    await this.#computing?.close();
  }
}

exposeActor(new ReplicaActor());
