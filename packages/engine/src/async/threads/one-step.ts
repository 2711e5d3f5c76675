import { publishSlot } from '../../data/fill-slot.js';
import { RuntimeError } from '../../errors.js';
import type { Executor, Job } from '../../execute/executor.js';
import { Poison, Word } from '../../memory/control.js';
import type { RunStart } from '../../memory/placement.js';
import type { StepOf } from './runners.js';

/** An executor that does a step while its caller waits. */
export type PromptExecutor = Executor & Required<Pick<Executor, 'runNow'>>;

/** A program of which single steps are done. */
export class OneStep {
  readonly #executor: PromptExecutor;
  readonly #job: Omit<Job, 'start'>;
  readonly #flips: boolean;
  #steps = 0;

  constructor(executor: PromptExecutor, job: Omit<Job, 'start'>) {
    this.#executor = executor;
    this.#job = job;
    this.#flips = job.program.variables.some(({ written }) => written);
  }

  /** @returns false when a result is not finite, so that the step was not done */
  run(slot: number, examples: number, { side, step }: StepOf, shardOf?: RunStart['shardOf']): boolean {
    const { control, placement, program } = this.#job;
    control.reset(1);
    publishSlot(control, 0, examples);
    this.#executor.runNow({
      ...this.#job,
      placement: { ...placement, batch: [slot, slot] },
      start: {
        side: side as 0 | 1,
        flips: this.#flips,
        // Others may have changed a party's state since its last step.
        stateVersion: this.#steps++,
        firstStep: step,
        claim: 'dynamic',
        ...(shardOf && { shardOf }),
      },
    });
    if (control.load(Word.committed) === 1) return true;
    if (control.load(Word.poison) === Poison.nonFinite) return false;
    throw new RuntimeError(`program '${program.name}' was left before its step was done`, 'STEP_LEFT');
  }

  get results(): number[] {
    const { control } = this.#job;
    return [...control.ring.subarray(1, control.width)];
  }
}
