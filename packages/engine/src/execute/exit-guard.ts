/**
 * The end of the process must not meet a thread that has something pending with a device. Only the main thread learns of that end in time, so
 * all threads of an engine that talk to devices tell it what is pending, wherever they were started.
 */

/** Words that they share. */
export const GuardWord = {
  /** Calls to devices' threads that are not answered: while it is 0, nothing is pending. */
  busy: 0,
  /** Not 0: the process ends; begin nothing, and leave after the running step. */
  stop: 1,
} as const;

/** Longest wait for the devices' threads when the process ends. */
const EXIT_MS = 2000;

export class ExitGuard {
  readonly words = new Int32Array(new SharedArrayBuffer(8));
  readonly #leave = (): void => this.#waitUntilIdle();

  /** From now on the end of the process waits. */
  watch(): void {
    process.on('exit', this.#leave);
  }

  dispose(): void {
    process.off('exit', this.#leave);
  }

  /** Asks all to leave, and waits, but not for ever. */
  #waitUntilIdle(): void {
    Atomics.store(this.words, GuardWord.stop, 1);
    const end = Date.now() + EXIT_MS;
    for (;;) {
      const busy = Atomics.load(this.words, GuardWord.busy);
      const left = end - Date.now();
      if (busy <= 0 || left <= 0) return;
      Atomics.wait(this.words, GuardWord.busy, busy, left);
    }
  }
}
