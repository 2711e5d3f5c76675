import type { KernelLibrary } from '../../execute/load-kernels.js';
import type { Program } from '../../graph/program.js';
import type { Placement } from '../../memory/placement.js';
import { PhaseRunner } from './phase-runner.js';
import type { RunSetup } from './run-setup.js';
import type { Runners } from './runners.js';

/** A party's thread runs the kernels itself. */
export class KernelRunners implements Runners {
  readonly #setup: RunSetup;
  readonly #library: KernelLibrary;

  constructor(setup: RunSetup, library: KernelLibrary) {
    this.#setup = setup;
    this.#library = library;
  }

  training(replica: number) {
    const { placement, rank } = this.#placeOf(replica);
    const both = this.#runner(this.#setup.program, placement, rank);
    return { gradients: both, update: both };
  }

  update(replica: number): PhaseRunner {
    const { program, state, owner } = this.#setup;
    return this.#runner(program, { ...this.#placeOf(replica).placement, state }, owner.rank);
  }

  mixing(placement: Placement): PhaseRunner {
    return this.#runner(this.#setup.mixing as Program, placement, 0);
  }

  #placeOf(replica: number): RunSetup['replicas'][number] {
    return this.#setup.replicas[replica] as RunSetup['replicas'][number];
  }

  #runner(program: Program, placement: Placement, rank: number): PhaseRunner {
    return new PhaseRunner({ program, placement, memory: this.#setup.memory, rank }, this.#library);
  }
}
