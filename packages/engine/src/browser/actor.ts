/** In place of `execute/actor.ts`: an actor's thread is a web worker. Beside it the only file that imports comlink. */
import * as Comlink from 'comlink';
import { RuntimeError } from '../errors.js';

export type Remote<T> = Comlink.Remote<T>;

/** The caller's end of an actor. */
export class Actor<T> {
  readonly remote: Remote<T>;
  readonly #worker: Worker;
  readonly #died: Promise<never>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.remote = Comlink.wrap<T>(worker);
    this.#died = new Promise((_, reject) => {
      worker.addEventListener('error', ({ message, filename }) => {
        worker.terminate();
        reject(
          new RuntimeError(`the thread of an actor failed: ${message || `cannot load ${filename}`}`, 'ACTOR_DIED'),
        );
      });
    });
    this.#died.catch(() => undefined);
  }

  /** Starts the module at `url`, which must call `exposeActor`. */
  static async start<T>(url: URL): Promise<Actor<T>> {
    const worker = new Worker(url, { type: 'module' });
    const actor = new Actor<T>(worker);
    const ready = new Promise<void>((resolve) => {
      worker.addEventListener('message', () => resolve(), { once: true });
    });
    await Promise.race([ready, actor.#died]);
    return actor;
  }

  /** Calls the actor, and fails if its thread dies. */
  async call<R>(verb: (remote: Remote<T>) => Promise<R>): Promise<R> {
    return Promise.race([verb(this.remote), this.#died]);
  }

  get died(): Promise<never> {
    return this.#died;
  }

  async dispose(): Promise<void> {
    this.#worker.terminate();
  }
}

/** Marks a port that is handed over to another thread with the message that names it. */
export function handOver(port: MessagePort): MessagePort {
  return Comlink.transfer(port, [port]);
}

/** The actor's end: serves the object's methods to whoever started the thread. */
export function exposeActor(api: object): void {
  Comlink.expose(api);
  globalThis.postMessage('ready');
}
