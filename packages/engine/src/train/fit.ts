import { isStream, type Data, type FieldSpec } from '../data/dataset.js';
import type { FitEvent, History, Logs } from './events.js';
import type { FitOptions } from './fit-options.js';
import type { Plan } from './plan.js';
import { runEpoch } from './run-epoch.js';
import type { Runtime } from './runtime.js';
import { sourceOf } from './source-of.js';

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
  /** Made anew when what is trainable has changed. */
  trainingPlan(batchSize: number, shards: number | undefined): Promise<Plan>;
  validate(data: Data): Promise<Logs>;
}

/** Epoch after epoch. Everything that can be refused is, before the first step. */
export async function fit(
  runtime: Runtime,
  model: FitModel,
  data: Data,
  options: FitOptions,
  aborted: AbortSignal,
  emit: (event: FitEvent) => void,
): Promise<Omit<History, 'eventsDropped'>> {
  const { epochs = 1, batchSize = 32, callbacks, validationData } = options;
  const firstPlan = await model.trainingPlan(batchSize, options.shards);
  const source = sourceOf('fit', data, model.inputs, model.targets);
  const history: Record<string, number[]> = {};
  const ran: number[] = [];
  let workersLost = 0;
  const release = await runtime.writers.take();
  try {
    await source.open();
    aborted.throwIfAborted();
    await runtime.state.copyCurrentOver();
    const stepsPerEpoch = source.rows === null ? null : Math.ceil(source.rows / batchSize);
    const { workers } = runtime.executor;
    emit({ type: 'begin', epochs, stepsPerEpoch, workers, shards: firstPlan.program.shards });
    model.stopTraining = false;
    for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
      await callbacks?.onEpochBegin?.(epoch);
      emit({ type: 'epochBegin', epoch });
      const plan = await model.trainingPlan(batchSize, options.shards);
      const shuffle = (options.shuffle ?? true) && !isStream(data);
      const done = await runEpoch(runtime, model, plan, source, { epoch, batchSize, shuffle, aborted, emit, options });
      workersLost += done.workersLost;
      const logs: Record<string, number> = { ...done.logs };
      if (validationData) {
        for (const [name, value] of Object.entries(await model.validate(validationData))) logs[`val_${name}`] = value;
      }
      aborted.throwIfAborted();
      ran.push(epoch);
      for (const [name, value] of Object.entries(logs)) (history[name] ??= []).push(value);
      emit({ type: 'epochEnd', epoch, logs, seconds: done.seconds });
      await callbacks?.onEpochEnd?.(epoch, logs);
    }
  } finally {
    release();
    await source.dispose();
  }
  return { epoch: ran, history, workersLost };
}
