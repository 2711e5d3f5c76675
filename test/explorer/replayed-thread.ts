import type { SharedWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';
import type { Access } from './access.js';
import { AccessWords } from './access-words.js';

/**
 * A piece of what a thread does: deterministic, but for what it finds in the memory. It is given what the piece before left, and
 * leaves all that the next is to know. An error that it throws is a violation.
 */
export type Turn = (words: SharedWords, left: readonly number[]) => readonly number[];

/** A thread between two of its accesses. It is a function of what its accesses in this turn have found so far. */
export interface LocalState {
  readonly id: number;
  /** Undefined when the thread has ended, or failed. */
  readonly pending: Access | undefined;
  readonly failure: string | undefined;
  readonly turn: number;
  /** What the turn before left, or the last one if the thread has ended. */
  readonly left: readonly number[];
  readonly log: readonly number[];
  readonly after: Map<number, LocalState>;
}

/** Ends a replay where the log ends. */
class BeyondLog extends Error {
  readonly access: Access;

  constructor(access: Access) {
    super('beyond the log');
    this.access = access;
  }
}

/**
 * Synchronous code that can be stopped at every access: a turn runs from its start against the log of what its earlier accesses
 * found, and is thrown out at the first access beyond. Each log is run once; threads that have found the same share a state.
 */
export class ReplayedThread {
  readonly #turns: readonly Turn[];
  readonly #wrap: (words: SharedWords) => SharedWords;
  readonly #starts = new Map<string, LocalState>();
  #states = 0;

  /** `wrap` puts a mutation around the memory, a fresh one for each replay. */
  constructor(turns: readonly Turn[], wrap: (words: SharedWords) => SharedWords) {
    this.#turns = turns;
    this.#wrap = wrap;
  }

  get start(): LocalState {
    return this.#startOf(0, []);
  }

  /** The thread after its pending access has found a value. */
  after(state: LocalState, found: number): LocalState {
    const known = state.after.get(found);
    if (known) return known;
    const next = this.#replay(state.turn, state.left, [...state.log, found]);
    state.after.set(found, next);
    return next;
  }

  #startOf(turn: number, left: readonly number[]): LocalState {
    const key = `${turn}:${left.join()}`;
    let state = this.#starts.get(key);
    if (!state) {
      state = this.#replay(turn, left, []);
      this.#starts.set(key, state);
    }
    return state;
  }

  #replay(turn: number, left: readonly number[], log: readonly number[]): LocalState {
    const run = this.#turns[turn];
    let pending: Access | undefined;
    let failure: string | undefined;
    if (run) {
      let position = 0;
      const words = new AccessWords((access) => {
        if (position === log.length) throw new BeyondLog(access);
        return log[position++];
      });
      try {
        return this.#startOf(turn + 1, run(this.#wrap(words), left));
      } catch (error) {
        if (error instanceof BeyondLog) pending = error.access;
        else failure = error instanceof Error ? error.message : String(error);
      }
    }
    return { id: this.#states++, pending, failure, turn, left, log, after: new Map() };
  }
}
