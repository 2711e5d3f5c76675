import type { BatchSource } from '../data/batch-source.js';
import { runJob } from '../execute/run-job.js';
import { Word, type Control } from '../memory/control.js';
import type { FitEvent } from './events.js';
import type { FitModel } from './fit.js';
import type { FitOptions } from './fit-options.js';
import { jobOf, slotFields, type Plan } from './plan.js';
import { Progress, totals } from './progress.js';
import type { Runtime } from './runtime.js';

interface EpochInput {
  readonly epoch: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly aborted: AbortSignal;
  readonly emit: (event: FitEvent) => void;
  readonly options: Pick<FitOptions, 'callbacks' | 'stepsPerFence'>;
}

/** Larger than any number of steps of an epoch, and an Int32. */
const UNKNOWN = 2 ** 31 - 1;

/** One pass over the data: the source feeds, the workers run from fence to fence. */
export async function runEpoch(runtime: Runtime, model: FitModel, plan: Plan, source: BatchSource, input: EpochInput) {
  const { control, placement } = plan.placed;
  const { batchSize, aborted, epoch } = input;
  const { stepsPerFence = UNKNOWN } = input.options;
  control.reset(source.rows === null ? UNKNOWN : Math.ceil(source.rows / batchSize), stepsPerFence);
  const failure: { error: unknown } = { error: null };
  const stop = (): void => {
    control.store(Word.sourceStops, 1);
    control.pause();
  };
  aborted.addEventListener('abort', stop);
  const feeding = source
    .feed({
      memory: runtime.arena.memory,
      placement,
      control,
      batchSize,
      fields: slotFields(plan.program, [...model.inputs, ...model.targets]),
      shuffle: input.shuffle ? { seed: runtime.seed, epoch: model.counts.epochs } : null,
    })
    .catch((error: unknown) => {
      failure.error = error;
      stop();
    });
  model.counts.epochs++;
  const stepsBefore = model.counts.steps;
  const names = plan.program.results.map((r) => r.name);
  const progress = new Progress(control, names, epoch, input.emit);
  let workersLost = 0;
  try {
    const stopped = (): boolean => aborted.aborted || failure.error !== null;
    const job = jobOf(runtime, plan, stepsBefore);
    const left = (): void => {
      model.counts.steps = stepsBefore + control.load(Word.committed);
    };
    for (;;) {
      runtime.state.busy = true;
      workersLost += await runJob(job, { ...runtime, stopped, left });
      runtime.state.busy = false;
      if (failure.error !== null) throw failure.error;
      aborted.throwIfAborted();
      if (!atFence(control)) break;
      const step = control.load(Word.committed);
      await input.options.callbacks?.onFence?.({ epoch, step, logs: totals(control, names) });
      control.store(Word.fence, Math.min(UNKNOWN, step + stepsPerFence));
    }
    return { workersLost, ...progress.end() };
  } finally {
    runtime.state.busy = false;
    control.store(Word.sourceStops, 1);
    aborted.removeEventListener('abort', stop);
    progress.end();
    await feeding;
  }
}

/** Whether the workers left at a fence that is not the end of the pass. */
function atFence(control: Control): boolean {
  const done = control.load(Word.committed);
  return done >= control.load(Word.fence) && done < control.load(Word.target);
}
