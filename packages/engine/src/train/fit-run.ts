import { EventQueue } from './event-queue.js';
import type { FitEvent, History } from './events.js';

/**
 * A running `fit`: await it for the history, or read its events with `for await`. Leaving the loop early aborts
 * the run after its running step.
 */
export class FitRun implements PromiseLike<History>, AsyncIterable<FitEvent> {
  readonly #events = new EventQueue();
  readonly #result: Promise<History>;
  readonly #abort: (reason: Error) => void;
  #over = false;

  constructor(abort: (reason: Error) => void, start: (events: EventQueue) => Promise<History>) {
    this.#abort = abort;
    this.#result = start(this.#events).finally(() => {
      this.#over = true;
      this.#events.wake();
    });
  }

  /** Events that nobody read in time, so far. */
  get eventsDropped(): number {
    return this.#events.dropped;
  }

  // A run is awaited like a promise, which is what `then` is for.
  // oxlint-disable-next-line unicorn/no-thenable
  then<A = History, B = never>(
    onFulfilled?: ((history: History) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onFulfilled, onRejected);
  }

  /** As a promise's. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<History | B> {
    return this.#result.catch(onRejected);
  }

  /** As a promise's. */
  finally(onFinally?: (() => void) | null): Promise<History> {
    return this.#result.finally(onFinally);
  }

  /** Unread events, then new ones until the run ends; what went wrong in it is thrown. */
  async *[Symbol.asyncIterator](): AsyncIterator<FitEvent> {
    let finished = false;
    // The loop itself throws what went wrong; without this, the promise that nobody awaits would report it again.
    this.#result.catch(() => undefined);
    try {
      for (;;) {
        yield* this.#events.take();
        if (!this.#events.isEmpty) continue;
        if (this.#over) break;
        await this.#events.wait();
      }
      finished = true;
      await this.#result;
    } finally {
      if (!finished) {
        this.#abort(new DOMException('the reader of the events left the loop', 'AbortError'));
        await this.#result.then(
          () => undefined,
          () => undefined,
        );
      }
    }
  }
}
