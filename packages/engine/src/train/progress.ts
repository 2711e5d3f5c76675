import { RING, Word, type Control } from '../memory/control.js';
import type { EventQueue } from './event-queue.js';
import type { Logs } from './events.js';

const POLL_MS = 50;

/** Reads what the workers have published, now and then, without holding them back. */
export class Progress {
  readonly #control: Control;
  readonly #names: readonly string[];
  readonly #epoch: number;
  readonly #events: EventQueue;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  #read = 0;

  constructor(control: Control, names: readonly string[], epoch: number, events: EventQueue) {
    this.#control = control;
    this.#names = names;
    this.#epoch = epoch;
    this.#events = events;
    this.#timer = setInterval(() => this.#drain(), POLL_MS);
  }

  #drain(): void {
    const { ring, width } = this.#control;
    const done = this.#control.load(Word.committed);
    // The workers go on while this reads: the oldest place of the ring may be written at any moment.
    const first = Math.max(this.#read, done - RING + 1);
    this.#events.skip(first - this.#read);
    const examplesPerSecond = (sumsOf(this.#control)[0] as number) / ((performance.now() - this.#started) / 1000);
    for (let step = first; step < done; step++) {
      const start = (step % RING) * width;
      const examples = ring[start] as number;
      const logs = logsOf(this.#names, ring.subarray(start, start + width));
      this.#events.emit({ type: 'step', epoch: this.#epoch, step, examples, logs, examplesPerSecond });
    }
    this.#read = done;
  }

  /** Stops polling and reads the rest. */
  end(): { readonly logs: Logs; readonly seconds: number } {
    clearInterval(this.#timer);
    this.#drain();
    return { logs: totals(this.#control, this.#names), seconds: (performance.now() - this.#started) / 1000 };
  }
}

/** Means over the committed steps of a run. */
export function totals(control: Control, names: readonly string[]): Logs {
  return logsOf(names, sumsOf(control));
}

function sumsOf(control: Control): Float64Array {
  return control.totals[control.load(Word.committed) & 1] as Float64Array;
}

/** `sums` holds a number of examples, then a sum for each name. */
function logsOf(names: readonly string[], sums: Float64Array): Logs {
  return Object.fromEntries(names.map((name, i) => [name, (sums[i + 1] as number) / (sums[0] as number)]));
}
