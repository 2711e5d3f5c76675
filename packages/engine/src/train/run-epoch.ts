import { stepsOf, UNKNOWN_STEPS, type BatchSource } from '../data/batch-source.js';
import { runJob } from '../execute/run-job.js';
import { Word } from '../memory/control.js';
import type { EventQueue } from './event-queue.js';
import type { FitModel } from './fit.js';
import type { FitOptions } from './fit-options.js';
import { feedWhile } from './feed-while.js';
import { jobOf, type Plan } from './plan.js';
import { Progress, totals } from './progress.js';
import type { Runtime } from './runtime.js';

interface EpochInput {
  readonly epoch: number;
  readonly batchSize: number;
  readonly shards: number | undefined;
  readonly shuffle: boolean;
  readonly aborted: AbortSignal;
  readonly events: EventQueue;
  readonly options: Pick<FitOptions, 'callbacks' | 'stepsPerFence'>;
  /** Runs a user's callback; ends with the run. */
  readonly callback: (call: () => void | Promise<void> | undefined) => Promise<void>;
}

/**
 * One pass over the data: the source feeds, the workers run from fence to fence. What is trainable may change at a fence:
 * the steps that follow are another plan's, and go on with the slots and the control block that the pass began with.
 */
export async function runEpoch(runtime: Runtime, model: FitModel, plan: Plan, source: BatchSource, input: EpochInput) {
  const { control } = plan.placed;
  const { aborted, epoch } = input;
  const { callbacks, stepsPerFence = UNKNOWN_STEPS } = input.options;
  const names = plan.program.results.map((r) => r.name);
  const stepsBefore = model.counts.steps;
  const shuffle = input.shuffle ? { seed: runtime.seed, epoch: model.counts.epochs } : null;
  await runtime.state.copyCurrentOver();
  control.reset(stepsOf(source, input.batchSize), stepsPerFence);
  model.counts.epochs++;
  const progress = new Progress(control, names, epoch, input.events);
  const left = (): void => {
    model.counts.steps = stepsBefore + control.load(Word.committed);
  };
  let lost = 0;
  try {
    const target = { plan, fields: [...model.inputs, ...model.targets], shuffle, aborted };
    await feedWhile(runtime, source, target, async (stopped) => {
      let running = plan;
      for (let step = -1; !stopped() && step < control.load(Word.target);) {
        await model.withPlan(input.batchSize, input.shards, async (current) => {
          if (current !== running) await runtime.state.copyCurrentOver();
          running = current;
          runtime.state.busy = true;
          lost += await runJob(jobOf(runtime, current, stepsBefore, plan), { ...runtime, stopped, left });
          runtime.state.busy = false;
        });
        step = control.load(Word.committed);
        if (stopped() || step < control.load(Word.fence)) break;
        await input.callback(() => callbacks?.onFence?.({ epoch, step, logs: totals(control, names) }));
        control.store(Word.fence, Math.min(UNKNOWN_STEPS, step + stepsPerFence));
      }
    });
    return { lost, ...progress.end() };
  } finally {
    runtime.state.busy = false;
    progress.end();
  }
}
