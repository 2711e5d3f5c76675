import type { Run } from '../define/op/kernel.js';
import { Control, Next, Poison, RING, Word } from '../memory/control.js';
import type { Program } from '../graph/program.js';
import { arrive } from './barrier.js';
import { kernelFailure } from '../graph/kernel-failure.js';
import type { BoundPhase, BoundProgram, BoundUnit } from './bind.js';
import type { RunStart } from '../memory/placement.js';

export interface CrewInit {
  readonly program: Program;
  readonly start: RunStart;
  readonly bound: BoundProgram;
  readonly control: Control;
  /** One-element views of the results. */
  readonly results: readonly Float32Array[];
  readonly members: number;
  /** Whether waiting threads may spin: not when there are more of them than cores. */
  readonly spin: boolean;
}

/** One worker's part in a run: claims units, meets the others between phases, commits if it comes last. */
export class Crew {
  readonly #init: CrewInit;
  readonly #run: Run = {
    examples: 0,
    firstExample: 0,
    count: 0,
    shards: 0,
    step: 0,
    begin: 0,
    end: 0,
    nonFinite: false,
  };

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
    run.step = start.firstStep + index;
    run.count = control.load(Word.examples + parity);
    run.shards = Math.ceil(run.count / program.shardSize);
    run.nonFinite = false;
    const bound = this.#init.bound(start.flips ? start.side ^ parity : start.side, parity);
    for (let i = 0; i < bound.length; i++) {
      const phase = bound[i] as BoundPhase;
      const units = phase.kind === 'shards' ? run.shards : phase.units.length;
      for (;;) {
        const unit = Atomics.add(control.words, Word.claim, 1);
        if (unit >= units) break;
        this.#execute(phase, unit);
      }
      if (run.nonFinite) control.store(Word.nonFinite, 1);
      const lastPhase = i === bound.length - 1;
      if (!arrive(control, members, spin, () => lastPhase && this.#commit(index))) return false;
    }
    return true;
  }

  /** Whether all members leave after the step just done. */
  get leaves(): boolean {
    return this.#init.control.load(Word.next) === Next.leave;
  }

  #execute(phase: BoundPhase, index: number): void {
    const { program } = this.#init;
    const run = this.#run;
    const unit = phase.units[index] as BoundUnit;
    const sharded = phase.kind === 'shards';
    run.firstExample = sharded ? index * program.shardSize : 0;
    run.examples = sharded ? Math.min(program.shardSize, run.count - run.firstExample) : run.count;
    run.begin = unit.begin;
    run.end = unit.end;
    for (let i = 0; i < unit.calls.length; i++) {
      try {
        (unit.calls[i] as (run: Run) => void)(run);
      } catch (cause) {
        throw kernelFailure(program, unit.indices[i] as number, `${sharded ? 'shard' : 'range'} ${index}`, cause);
      }
    }
  }

  /** Runs in one worker while the others wait: publishes the results and makes the step count. */
  #commit(index: number): void {
    const { control, results, start } = this.#init;
    if (start.flips && (control.load(Word.nonFinite) !== 0 || !this.#resultsAreFinite())) {
      control.poison(Poison.nonFinite);
      return;
    }
    const parity = index & 1;
    const [from, to] = [control.totals[parity], control.totals[1 - parity]] as [Float64Array, Float64Array];
    const slot = (index % RING) * control.width;
    for (let i = 0; i < control.width; i++) {
      const value = i === 0 ? this.#run.count : ((results[i - 1] as Float32Array)[0] as number);
      control.ring[slot + i] = value;
      to[i] = (from[i] as number) + value;
    }
    const done = index + 1;
    const end = Math.min(control.load(Word.target), control.load(Word.fence));
    const leave = done >= end || control.load(Word.pause) !== 0;
    control.store(Word.next, leave ? Next.leave : Next.step);
    control.store(Word.committed, done);
    Atomics.notify(control.words, Word.committed);
  }

  #resultsAreFinite(): boolean {
    for (const result of this.#init.results) if (!Number.isFinite(result[0])) return false;
    return true;
  }
}
