/** State with one owner, on a thread of its own. The only file that imports comlink. */
import { once } from 'node:events';
import { parentPort, Worker, type MessagePort } from 'node:worker_threads';
import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { RuntimeError } from '../errors.js';

/** An actor's methods as its caller sees them: each answers with a promise. */
export type Remote<T> = Comlink.Remote<T>;

/** The caller's end of an actor. */
export class Actor<T> {
  readonly remote: Remote<T>;
  readonly #worker: Worker;
  readonly #died: Promise<never>;
  #calls = 0;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.remote = Comlink.wrap<T>(nodeEndpoint(worker));
    this.#died = once(worker, 'exit').then(([code]) => {
      throw new RuntimeError(`the thread of an actor ended with code ${String(code)}`, 'ACTOR_DIED');
    });
    this.#died.catch(() => worker.removeAllListeners());
    worker.on('error', () => worker.terminate());
  }

  /** Starts the module at `url`, which must call `exposeActor`. The thread does not keep the process alive. */
  static async start<T>(url: URL): Promise<Actor<T>> {
    const worker = new Worker(url);
    const actor = new Actor<T>(worker);
    await Promise.race([once(worker, 'message'), actor.#died]);
    worker.unref();
    return actor;
  }

  /** Calls the actor; keeps the process alive until it answers, and fails if its thread dies. */
  async call<R>(verb: (remote: Remote<T>) => Promise<R>): Promise<R> {
    if (this.#calls++ === 0) this.#worker.ref();
    try {
      return await Promise.race([verb(this.remote), this.#died]);
    } finally {
      if (--this.#calls === 0) this.#worker.unref();
    }
  }

  /** Rejects once the thread has ended, unless by `dispose`. */
  get died(): Promise<never> {
    return this.#died;
  }

  async dispose(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }
}

/** Marks a port that is handed over to another thread with the message that names it. */
export function handOver(port: MessagePort): MessagePort {
  return Comlink.transfer(port, [port]);
}

/** Serves an object's methods to whoever holds the other end of the port. */
export function serve(port: MessagePort, api: object): void {
  Comlink.expose(api, nodeEndpoint(port));
}

/** The object that is served at the other end of the port. */
export function reach<T>(port: MessagePort): Remote<T> {
  return Comlink.wrap<T>(nodeEndpoint(port));
}

/** The actor's end: serves the object's methods to whoever started the thread. */
export function exposeActor(api: object): void {
  if (!parentPort) throw new RuntimeError('exposeActor: not on a thread of its own', 'ACTOR');
  Comlink.expose(api, nodeEndpoint(parentPort));
  parentPort.postMessage('ready');
}
