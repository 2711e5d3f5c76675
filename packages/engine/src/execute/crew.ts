import { Control, Next, Poison, Word } from '../memory/control.js';
import type { Program } from '../graph/program.js';
import { arrive } from './barrier.js';
import { executeUnit, newRun } from './execute-unit.js';
import type { BoundPhase, BoundProgram } from './bind.js';
import type { RunStart } from '../memory/placement.js';

export interface CrewInit {
  readonly program: Program;
  readonly start: RunStart;
  readonly bound: BoundProgram;
  readonly control: Control;
  /** One-element views of the results. */
  readonly results: readonly Float32Array[];
  readonly members: number;
  /** This worker's number. */
  readonly rank: number;
  /** Whether waiting threads may spin: not when there are more of them than cores. */
  readonly spin: boolean;
}

/** One worker's part in a run: claims units, meets the others between phases, commits if it comes last. */
export class Crew {
  readonly #init: CrewInit;
  readonly #run = newRun();
  /** Step that is being done. */
  #index = 0;
  // Made once: a step allocates nothing.
  readonly #commitStep = (): void => this.#commit();
  readonly #valueOf = (i: number): number =>
    i === 0 ? this.#run.count : ((this.#init.results[i - 1] as Float32Array)[0] as number);

  constructor(init: CrewInit) {
    this.#init = init;
  }

  /**
   * Does one step of the run together with the other members.
   *
   * @returns false when the step is void
   */
  step(index: number): boolean {
    const { program, control, members, start, spin } = this.#init;
    const parity = index & 1;
    const run = this.#run;
    this.#index = index;
    run.step = start.firstStep + index;
    run.count = control.load(Word.examples + parity);
    run.shards = Math.ceil(run.count / program.shardSize);
    run.nonFinite = false;
    const bound = this.#init.bound(start.flips ? start.side ^ parity : start.side, parity);
    for (let i = 0; i < bound.length; i++) {
      const phase = bound[i] as BoundPhase;
      const units = phase.kind === 'shards' ? run.shards : phase.units.length;
      for (let unit = this.#claim(-1); unit < units; unit = this.#claim(unit)) executeUnit(program, phase, unit, run);
      if (run.nonFinite) control.store(Word.nonFinite, 1);
      if (!arrive(control, members, spin, i === bound.length - 1 ? this.#commitStep : null)) return false;
    }
    return true;
  }

  /** The unit after `last`, which is −1 at the start of a phase. */
  #claim(last: number): number {
    const { start, control, members, rank } = this.#init;
    if (start.claim === 'dynamic') return Atomics.add(control.words, Word.claim, 1);
    return last < 0 ? rank : last + members;
  }

  /** Whether all members leave after the step just done. */
  get leaves(): boolean {
    return this.#init.control.load(Word.next) === Next.leave;
  }

  /** Runs in one worker while the others wait: publishes the results and makes the step count. */
  #commit(): void {
    const { control, start } = this.#init;
    if (start.flips && (control.load(Word.nonFinite) !== 0 || !this.#resultsAreFinite())) {
      control.poison(Poison.nonFinite);
      return;
    }
    control.record(this.#index, this.#valueOf);
    const done = this.#index + 1;
    const end = Math.min(control.load(Word.target), control.load(Word.fence));
    const leave = done >= end || control.load(Word.pause) !== 0;
    control.store(Word.next, leave ? Next.leave : Next.step);
    control.commit(done);
  }

  #resultsAreFinite(): boolean {
    for (const result of this.#init.results) if (!Number.isFinite(result[0])) return false;
    return true;
  }
}
