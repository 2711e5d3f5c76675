/** What a party has still to do on its thread: one thing at a time, in order, each to its end; nothing while it is paused. */
export class Inbox {
  readonly #failed: (error: unknown) => void;
  #tasks: (() => void)[] = [];
  #paused = false;
  #scheduled = false;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  push(task: () => void): void {
    this.#tasks.push(task);
    this.#schedule();
  }

  /** Before all that waits. */
  pushFirst(task: () => void): void {
    this.#tasks.unshift(task);
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#tasks = [];
  }

  /** One task for each turn of the event loop, so that a pause gets in between. */
  #schedule(): void {
    if (this.#scheduled || this.#paused || this.#tasks.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const task = this.#paused ? undefined : this.#tasks.shift();
      try {
        task?.();
      } catch (error) {
        this.clear();
        this.#failed(error);
      }
      this.#schedule();
    });
  }
}
