import { RING, Word, type Control } from '../memory/control.js';
import type { FitEvent, Logs } from './events.js';

const POLL_MS = 50;

/** Reads what the workers have published, now and then, without holding them back. */
export class Progress {
  readonly #control: Control;
  readonly #names: readonly string[];
  readonly #epoch: number;
  readonly #emit: (event: FitEvent) => void;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  #read = 0;
  #examples = 0;

  constructor(control: Control, names: readonly string[], epoch: number, emit: (event: FitEvent) => void) {
    this.#control = control;
    this.#names = names;
    this.#epoch = epoch;
    this.#emit = emit;
    this.#timer = setInterval(() => this.#drain(), POLL_MS);
  }

  #drain(): void {
    const { ring, width } = this.#control;
    const done = this.#control.load(Word.committed);
    for (let step = Math.max(this.#read, done - RING + 1); step < done; step++) {
      const start = (step % RING) * width;
      const examples = ring[start] as number;
      this.#examples += examples;
      const logs = logsOf(this.#names, ring.subarray(start, start + width));
      const seconds = (performance.now() - this.#started) / 1000;
      this.#emit({
        type: 'step',
        epoch: this.#epoch,
        step,
        examples,
        logs,
        examplesPerSecond: this.#examples / seconds,
      });
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
  return logsOf(names, control.totals[control.load(Word.committed) & 1] as Float64Array);
}

/** `sums` holds a number of examples, then a sum for each name. */
function logsOf(names: readonly string[], sums: Float64Array): Logs {
  return Object.fromEntries(names.map((name, i) => [name, (sums[i + 1] as number) / (sums[0] as number)]));
}
