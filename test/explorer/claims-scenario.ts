import { Claims } from '../../packages/engine/dist/async/shared-memory/claim.js';
import type { SharedWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';
import type { Outcome, Scenario, ThreadPlan } from './explore.js';
import type { Turn } from './replayed-thread.js';

const LINE = 64;

/** Stands at the end of what a survivor leaves that was told to go on. */
export const TOLD = -1;
const NOTHING: readonly number[] = [];

/** Units counted out to replicas, any of which may die. */
export class ClaimsScenario {
  readonly limit: number;
  /** A word of the scenario's own, by which a supervisor tells that it has done its part. */
  readonly #go: number;

  constructor(limit: number) {
    this.limit = limit;
    this.#go = Claims.bytes(limit);
  }

  at(words: SharedWords): Claims {
    return new Claims(words, 0, this.limit);
  }

  /** Claims and finishes units until there are none. Leaves those that it finished. */
  replica(name: string, replica: number, more: Partial<ThreadPlan> = {}): ThreadPlan {
    return { name, turns: [(words) => this.#work(this.at(words), replica)], ...more };
  }

  /** Claims until there are none; if told to go on, claims until there are none once more. */
  survivor(name: string, replica: number): ThreadPlan {
    const turn: Turn = (words) => {
      const claims = this.at(words);
      const done = this.#work(claims, replica);
      return words.load(this.#go) === 0 ? done : [...done, ...this.#work(claims, replica), TOLD];
    };
    return { name, turns: [turn] };
  }

  /** Once the named thread is dead: frees what it did, then tells the survivor to go on. */
  supervisor(name: string, dead: { name: string; replica: number }): ThreadPlan {
    const turn: Turn = (words) => {
      this.at(words).revoke(dead.replica);
      words.store(this.#go, 1);
      return NOTHING;
    };
    return { name, starts: (fateOf) => fateOf(dead.name) === 'killed', turns: [turn] };
  }

  /** Once the named thread is dead: frees what it did, then as another replica does what is left. */
  successor(name: string, dead: { name: string; replica: number }, replica: number): ThreadPlan {
    const revoke: Turn = (words) => {
      this.at(words).revoke(dead.replica);
      return NOTHING;
    };
    const work: Turn = (words) => this.#work(this.at(words), replica);
    return { name, starts: (fateOf) => fateOf(dead.name) === 'killed', turns: [revoke, work] };
  }

  /** Every unit is finished, and no two threads have finished the same. */
  check({ memory, leftBy }: Outcome, threads: readonly ThreadPlan[]): void {
    const unfinished = this.at(memory).unfinished();
    if (unfinished > 0) throw new Error(`${unfinished} of ${this.limit} units are lost`);
    const done = threads.flatMap(({ name }) => leftBy(name));
    if (new Set(done).size < done.length) throw new Error(`units ${done.join()} were finished: some twice`);
  }

  label(address: number): string {
    if (address === 0) return 'next';
    if (address === this.#go) return 'go';
    return address === LINE ? 'revoked' : `unit ${(address - 2 * LINE) / 4}`;
  }

  scenario(threads: readonly ThreadPlan[], more: Partial<Scenario> = {}): Scenario {
    return {
      bytes: this.#go + LINE,
      prepare: (words) => this.at(words).reset(),
      threads,
      atEnd: (outcome) => this.check(outcome, threads),
      label: (address) => this.label(address),
      ...more,
    };
  }

  #work(claims: Claims, replica: number): number[] {
    const done: number[] = [];
    for (;;) {
      const unit = claims.claim(replica);
      if (unit === undefined) return done;
      if (!claims.finish(replica, unit)) throw new Error(`unit ${unit} is not the thread's that claimed it`);
      done.push(unit);
    }
  }
}
