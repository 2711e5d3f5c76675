import type { SharedMemory } from '../../define/op/kernel.js';
import type { BoundPhase, BoundProgram } from '../../execute/bind.js';
import { executeUnit, newRun } from '../../execute/execute-unit.js';
import type { KernelLibrary } from '../../execute/load-kernels.js';
import { bindFor, resultsOf } from '../../execute/member.js';
import type { Program } from '../../graph/program.js';
import type { Placement } from '../../memory/placement.js';
import type { GradientRunner, StepOf, UpdateRunner } from './runners.js';

export interface RunnerTask {
  readonly program: Program;
  readonly placement: Placement;
  readonly memory: SharedMemory;
  /** Whose activations and scratch to use. */
  readonly rank: number;
}

/** The phases of a program on one thread, in two parts: up to the last pass over the shards, and what comes after it. */
export class PhaseRunner implements GradientRunner, UpdateRunner {
  readonly #program: Program;
  readonly #placement: Placement;
  readonly #bound: BoundProgram;
  readonly #results: readonly Float32Array[];
  readonly #run = newRun();
  /** Index of the last pass over the shards; −1 when there is none. */
  readonly #last: number;

  constructor(task: RunnerTask, library: KernelLibrary) {
    this.#program = task.program;
    this.#placement = task.placement;
    this.#bound = bindFor(task, library);
    this.#results = resultsOf(task);
    this.#last = task.program.phases.findLastIndex((phase) => phase.kind === 'shards');
  }

  slotOf(shard: number): { batch: number; first: number } {
    return { batch: this.#placement.batch[0], first: shard * this.#program.shardSize };
  }

  slabOf(shard: number): number {
    return this.#placement.gradients + shard * this.#program.bytes.gradients;
  }

  compute(shard: number, of: StepOf): boolean {
    const phases = this.#begin(of, 1);
    for (const phase of phases.slice(0, this.#last + 1)) {
      if (phase.kind === 'tasks') this.#whole(phase);
      else executeUnit(this.#program, phase, shard, this.#run);
    }
    return !this.#run.nonFinite;
  }

  conclude(shards: number, of: StepOf, again: boolean): boolean {
    const phases = this.#begin(of, shards);
    for (const [i, phase] of phases.entries()) {
      if (phase.kind === 'tasks' && (again || i > this.#last)) this.#whole(phase);
    }
    return !this.#run.nonFinite && this.results.every(Number.isFinite);
  }

  get results(): number[] {
    return this.#results.map((view) => view[0] as number);
  }

  #begin({ side, count, step }: StepOf, shards: number): readonly BoundPhase[] {
    Object.assign(this.#run, { step, count, shards, nonFinite: false });
    return this.#bound(side, 0);
  }

  #whole(phase: BoundPhase): void {
    for (let unit = 0; unit < phase.units.length; unit++) executeUnit(this.#program, phase, unit, this.#run);
  }
}
