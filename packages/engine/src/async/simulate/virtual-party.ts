import type { Clock } from '../parties.js';
import type { Agenda } from './agenda.js';

/** Virtual time, which all parties of a run share. */
export interface VirtualTime {
  now: number;
  readonly agenda: Agenda;
}

/**
 * One party on virtual time: handles one thing at a time, and what it does takes as long as it is charged for. Messages that
 * arrive while it is at work wait in order.
 */
export class VirtualParty implements Clock {
  readonly #time: VirtualTime;
  readonly #waiting: (() => void)[] = [];
  /** Charged in the running turn so far. */
  #charge = 0;
  #atWork = false;
  #ended = false;
  #busy = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now + this.#charge;
  }

  /** When the running turn began; nobody's turn begins earlier any more. */
  get turnStart(): number {
    return this.#time.now;
  }

  /** Milliseconds at work so far. */
  get busyMs(): number {
    return this.#busy;
  }

  /** What the party is doing takes so much longer. */
  charge(ms: number): void {
    this.#charge += ms;
  }

  /** Something for the party to do, from now on. */
  post(task: () => void): void {
    this.#waiting.push(task);
    this.#goOn();
  }

  spend(work: () => void, then: () => void): void {
    work();
    this.#waiting.unshift(then);
  }

  /** It says and does nothing any more. */
  end(): void {
    this.#ended = true;
    this.#waiting.length = 0;
  }

  #goOn(): void {
    if (this.#atWork || this.#ended) return;
    const task = this.#waiting.shift();
    if (!task) return;
    this.#atWork = true;
    task();
    const charged = this.#charge;
    this.#charge = 0;
    this.#busy += charged;
    this.#time.agenda.add(this.#time.now + charged, () => {
      this.#atWork = false;
      this.#goOn();
    });
  }
}
