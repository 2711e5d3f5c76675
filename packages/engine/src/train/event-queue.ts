import type { FitEvent } from './events.js';

/** Unread events that are kept; older ones are dropped and counted. */
const KEPT_EVENTS = 4096;

/** The events of one run between who announces them and who reads them: reading late holds nobody back. */
export class EventQueue {
  #events: FitEvent[] = [];
  #dropped = 0;
  #waiting: (() => void)[] = [];

  /** Events that nobody read in time. */
  get dropped(): number {
    return this.#dropped;
  }

  emit(event: FitEvent): void {
    this.#events.push(event);
    if (this.#events.length > KEPT_EVENTS) {
      this.#events.shift();
      this.#dropped++;
    }
    this.wake();
  }

  /** Counts events that were gone before they could be announced. */
  skip(count: number): void {
    this.#dropped += count;
  }

  /** All unread events; the queue is empty afterwards. */
  take(): FitEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** Ends the waits of all readers. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves at the next event, or when somebody calls `wake`. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
