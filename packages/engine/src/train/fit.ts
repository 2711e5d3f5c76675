import { checkOptions } from '../define/options.js';
import { ValueError } from '../errors.js';
import { isStream, type Data, type FieldSpec } from '../data/dataset.js';
import type { BatchSource } from '../data/batch-source.js';
import { runJob } from '../execute/run-job.js';
import { Word } from '../memory/control.js';
import type { FitEvent, History, Logs } from './events.js';
import { jobOf, slotFields, type Plan } from './plan.js';
import { Progress } from './progress.js';
import type { Runtime } from './runtime.js';
import { sourceOf } from './source-of.js';

export interface FitOptions {
  /** Passes over the data. Default: 1. */
  readonly epochs?: number;
  /** Examples of a step. Default: 32. */
  readonly batchSize?: number;
  /** A new order of the examples in each epoch, from the engine's seed. Default: true; streams keep theirs. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch. */
  readonly validationData?: Data;
  /** Parts that a batch is cut into. Default: by rule; see `shardsFor`. */
  readonly shards?: number;
  /** Aborts after the running step. */
  readonly signal?: AbortSignal;
  readonly callbacks?: Callbacks;
}

/** Called between epochs, while no step runs; a promise is awaited. */
export interface Callbacks {
  onEpochBegin?(epoch: number): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
}

const OPTIONS = ['epochs', 'batchSize', 'shuffle', 'validationData', 'shards', 'signal', 'callbacks'] as const;

/** @throws before anything starts: unknown options, counts that are not positive integers */
export function checkFit(options: FitOptions): void {
  checkOptions('fit', options, OPTIONS);
  positiveInteger('fit', 'epochs', options.epochs ?? 1);
  positiveInteger('fit', 'batchSize', options.batchSize ?? 32);
}

export function positiveInteger(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new ValueError(`${where}: ${name} must be a positive integer, got ${String(value)}`, 'OPTION');
  }
}

/** How far training has come since the model was compiled; saved with it. */
export interface Counts {
  /** Steps committed. */
  steps: number;
  /** Epochs begun: each has an order of its own. */
  epochs: number;
}

/** What `fit` needs of its model. */
export interface FitModel {
  readonly inputs: readonly FieldSpec[];
  readonly targets: readonly FieldSpec[];
  /** Set by a callback: no further epoch. */
  stopTraining: boolean;
  readonly counts: Counts;
  trainingPlan(batchSize: number, shards: number | undefined): Promise<Plan>;
  validate(data: Data): Promise<Logs>;
}

export async function fit(
  runtime: Runtime,
  model: FitModel,
  data: Data,
  options: FitOptions,
  aborted: AbortSignal,
  emit: (event: FitEvent) => void,
): Promise<Omit<History, 'eventsDropped'>> {
  const { epochs = 1, batchSize = 32 } = options;
  const plan = await model.trainingPlan(batchSize, options.shards);
  const source = sourceOf('fit', data, plan.program, model.inputs, model.targets);
  const history: Record<string, number[]> = {};
  const ran: number[] = [];
  let workersLost = 0;
  const release = await runtime.writers.take();
  try {
    await source.open();
    aborted.throwIfAborted();
    runtime.state.busy = true;
    runtime.state.copyCurrentOver();
    const stepsPerEpoch = source.rows === null ? null : Math.ceil(source.rows / batchSize);
    const { workers } = runtime.executor;
    emit({ type: 'begin', epochs, stepsPerEpoch, workers, shards: plan.program.shards });
    model.stopTraining = false;
    for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
      await options.callbacks?.onEpochBegin?.(epoch);
      emit({ type: 'epochBegin', epoch });
      const shuffle = (options.shuffle ?? true) && !isStream(data);
      const done = await runEpoch(runtime, model, plan, source, { epoch, batchSize, shuffle, aborted, emit });
      workersLost += done.workersLost;
      const logs: Record<string, number> = { ...done.logs };
      if (options.validationData) {
        for (const [name, value] of Object.entries(await model.validate(options.validationData)))
          logs[`val_${name}`] = value;
      }
      aborted.throwIfAborted();
      ran.push(epoch);
      for (const [name, value] of Object.entries(logs)) (history[name] ??= []).push(value);
      emit({ type: 'epochEnd', epoch, logs, seconds: done.seconds });
      await options.callbacks?.onEpochEnd?.(epoch, logs);
    }
  } finally {
    runtime.state.busy = false;
    release();
    await source.dispose();
  }
  return { epoch: ran, history, workersLost };
}

interface EpochInput {
  readonly epoch: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly aborted: AbortSignal;
  readonly emit: (event: FitEvent) => void;
}

/** One run of the workers: from fence to fence. */
async function runEpoch(runtime: Runtime, model: FitModel, plan: Plan, source: BatchSource, input: EpochInput) {
  const { control, placement } = plan.placed;
  const { batchSize, aborted } = input;
  control.reset(source.rows === null ? 2 ** 31 - 1 : Math.ceil(source.rows / batchSize));
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
      fields: slotFields(plan.program),
      shuffle: input.shuffle ? { seed: runtime.seed, epoch: model.counts.epochs } : null,
    }) // prettier-ignore
    .catch((error: unknown) => {
      failure.error = error;
      stop();
    });
  model.counts.epochs++;
  const progress = new Progress(
    control,
    plan.program.results.map((r) => r.name),
    input.epoch,
    input.emit,
  );
  try {
    const stopped = (): boolean => aborted.aborted || failure.error !== null;
    const job = jobOf(runtime, plan, model.counts.steps);
    const workersLost = await runJob(job, { ...runtime, stopped });
    if (failure.error !== null) throw failure.error;
    aborted.throwIfAborted();
    return { workersLost, ...progress.end() };
  } finally {
    control.store(Word.sourceStops, 1);
    aborted.removeEventListener('abort', stop);
    progress.end();
    model.counts.steps += control.load(Word.committed);
    await feeding;
  }
}
