import type { Clock } from '../parties.js';
import type { Inbox } from './inbox.js';

/** Real time; work is done where it is spent, and told to whoever counts it. */
export class ThreadClock implements Clock {
  readonly #inbox: Inbox;
  readonly #spent: (ms: number) => void;

  constructor(inbox: Inbox, spent: (ms: number) => void) {
    this.#inbox = inbox;
    this.#spent = spent;
  }

  now(): number {
    return performance.now();
  }

  spend(work: () => void, then: () => void): void {
    const start = performance.now();
    work();
    this.#spent(performance.now() - start);
    this.#inbox.pushFirst(then);
  }
}
