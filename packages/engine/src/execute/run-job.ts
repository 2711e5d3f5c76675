import { Poison, Word, type Control } from '../memory/control.js';
import type { State } from '../memory/state.js';
import type { Executor, Job } from './executor.js';
import { nonFiniteStep } from './non-finite.js';
import type { Turns } from './turns.js';

export interface RunContext {
  readonly executor: Executor;
  readonly turns: Turns;
  readonly state: State;
  /** Asked between steps: whether to leave before the target. */
  readonly stopped: () => boolean;
  /** Called when the workers have left and nobody else has come. */
  readonly left: () => void;
}

/**
 * Does the steps of a job that its source feeds, up to the fence, and lets others use the memory in between: whoever waits gets
 * their turn after the running step.
 *
 * @returns threads that died and were replaced
 */
export async function runJob(job: Job, context: RunContext): Promise<number> {
  const { control } = job;
  let lost = 0;
  for (;;) {
    await untilFed(control, context.stopped);
    if (ended(control) || context.stopped()) return lost;
    control.store(Word.pause, 0);
    const release = await context.turns.take(() => control.pause());
    try {
      if (context.stopped()) return lost;
      lost += await context.executor.run(job);
    } finally {
      if (job.start.flips) context.state.side = (job.start.side ^ (control.load(Word.committed) & 1)) as 0 | 1;
      context.left();
      release();
    }
    refuseNonFinite(control, job);
    if (control.load(Word.poison) === Poison.paused) control.rearm();
  }
}

function ended(control: Control): boolean {
  const end = Math.min(control.load(Word.target), control.load(Word.fence));
  return control.load(Word.committed) >= end || control.load(Word.poison) !== Poison.none;
}

/** Polls: a worker thread may not be blocked for data while others want the memory. */
async function untilFed(control: Control, stopped: () => boolean): Promise<void> {
  while (!control.fed && !ended(control) && !stopped()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function refuseNonFinite(control: Control, job: Job): void {
  if (control.load(Word.poison) !== Poison.nonFinite) return;
  throw nonFiniteStep(job.start.firstStep + control.load(Word.committed));
}
