import type { FitEvent, History } from './events.js';

/** Unread events that are kept; older ones are dropped and counted. */
const KEPT_EVENTS = 4096;

/**
 * A running `fit`: await it for the history, or read its events with `for await`. Leaving the loop early aborts
 * the run after its running step.
 */
export class FitRun implements PromiseLike<History>, AsyncIterable<FitEvent> {
  readonly #result: Promise<History>;
  readonly #abort: (reason: Error) => void;
  #events: FitEvent[] = [];
  #dropped = 0;
  #wake: (() => void) | null = null;
  #over = false;

  constructor(abort: (reason: Error) => void, start: (emit: (event: FitEvent) => void) => Promise<History>) {
    this.#abort = abort;
    this.#result = start((event) => this.#emit(event)).finally(() => {
      this.#over = true;
      this.#wake?.();
    });
  }

  get eventsDropped(): number {
    return this.#dropped;
  }

  #emit(event: FitEvent): void {
    this.#events.push(event);
    if (this.#events.length > KEPT_EVENTS) {
      this.#events.shift();
      this.#dropped++;
    }
    this.#wake?.();
  }

  // A run is awaited like a promise, which is what `then` is for.
  // oxlint-disable-next-line unicorn/no-thenable
  then<A = History, B = never>(
    onFulfilled?: ((history: History) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<History | B> {
    return this.#result.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<History> {
    return this.#result.finally(onFinally);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<FitEvent> {
    let finished = false;
    // The loop itself throws what went wrong; without this, the promise that nobody awaits would report it again.
    this.#result.catch(() => undefined);
    try {
      for (;;) {
        const batch = this.#events;
        this.#events = [];
        yield* batch;
        if (this.#events.length > 0) continue;
        if (this.#over) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
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
