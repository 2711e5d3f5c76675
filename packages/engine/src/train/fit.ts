import { isStream, type Data, type FieldSpec } from '../data/dataset.js';
import type { BatchSource } from '../data/batch-source.js';
import { ArraySource } from '../data/array-source.js';
import type { ReplicaStrategy, TrainedModel } from '../define/strategy.js';
import { ValueError } from '../errors.js';
import type { EventQueue } from './event-queue.js';
import type { History, Logs } from './events.js';
import type { FitOptions } from './fit-options.js';
import { GangTrainer } from './gang-trainer.js';
import type { Plan } from './plan.js';
import type { ReplicaPlan, ReplicaPlanInput } from './replica-plan.js';
import type { Trainer } from './trainer.js';
import { ReplicaTrainer } from './replica-trainer.js';
import type { Runtime } from './runtime.js';
import { sourceOf } from './source-of.js';
import { untilAborted } from '../data/until-aborted.js';

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
  /** `stopTraining` is set by a callback: no further epoch. */
  readonly control: { stopTraining: boolean };
  readonly counts: Counts;
  /** Scalars that a step reports: the loss and the metrics. */
  readonly results: number;
  /** For strategies to look at. */
  readonly trained: TrainedModel;
  /** The plan is made anew when what is trainable has changed. */
  withPlan<T>(batchSize: number, shards: number | undefined, work: (plan: Plan) => Promise<T>): Promise<T>;
  /** The plan for replicas: the last one, unless what is trainable has changed. */
  planReplicas(last: ReplicaPlan | null, input: Omit<ReplicaPlanInput, 'network' | 'training'>): Promise<ReplicaPlan>;
  /** Opens the source if it is not open, and evaluates the model on it. */
  validate(source: BatchSource, aborted: AbortSignal): Promise<Logs>;
}

/** Epoch after epoch. Everything that can be refused is, before the first step. */
export async function fit(
  runtime: Runtime,
  model: FitModel,
  data: Data,
  options: FitOptions,
  aborted: AbortSignal,
  events: EventQueue,
): Promise<Omit<History, 'eventsDropped'>> {
  const { epochs = 1, validationData } = options;
  const source = sourceOf('fit', data, model.inputs, model.targets);
  const validation = validationData
    ? sourceOf('fit: validationData', validationData, model.inputs, model.targets)
    : null;
  const history: Record<string, number[]> = {};
  const ran: number[] = [];
  let workersLost = 0;
  const callback = async (call: () => void | Promise<void> | undefined): Promise<void> => {
    await untilAborted(aborted, async () => runtime.callbacks.run(true, call));
  };
  const trainer = trainerFor(runtime, model, source, options);
  const release = await runtime.writers.take();
  try {
    aborted.throwIfAborted();
    const { workers, shards, stepsPerEpoch } = await trainer.prepare();
    await validation?.open();
    aborted.throwIfAborted();
    events.emit({ type: 'begin', epochs, stepsPerEpoch, workers, shards });
    model.control.stopTraining = false;
    for (let epoch = 0; epoch < epochs && !model.control.stopTraining; epoch++) {
      await callback(() => options.callbacks?.onEpochBegin?.(epoch));
      events.emit({ type: 'epochBegin', epoch });
      const shuffle = (options.shuffle ?? true) && !isStream(data);
      const { logs, seconds, lost } = await trainer.epoch({ epoch, shuffle, aborted, events, options, callback });
      workersLost += lost;
      const all: Record<string, number> = { ...logs };
      if (validation) {
        for (const [name, value] of Object.entries(await model.validate(validation, aborted)))
          all[`val_${name}`] = value;
      }
      aborted.throwIfAborted();
      ran.push(epoch);
      for (const [name, value] of Object.entries(all)) (history[name] ??= []).push(value);
      events.emit({ type: 'epochEnd', epoch, logs: all, seconds });
      await callback(() => options.callbacks?.onEpochEnd?.(epoch, all));
    }
    return { epoch: ran, history, workersLost, report: trainer.report };
  } finally {
    await trainer.dispose();
    release();
    await source.dispose();
    await validation?.dispose();
  }
}

/** @throws ValueError for a stream with a strategy: replicas take batches in no order */
function trainerFor(runtime: Runtime, model: FitModel, source: BatchSource, options: FitOptions): Trainer {
  const { batchSize = 32, shards, strategy } = options;
  if (strategy === undefined || strategy.kind === 'synchronous') {
    return new GangTrainer(runtime, model, source, { batchSize, shards }, strategy?.claim ?? 'dynamic');
  }
  if (runtime.kernels.onDevice) refuseOnDevice(runtime, strategy);
  if (source instanceof ArraySource) return new ReplicaTrainer(runtime, model, source, strategy, batchSize);
  throw new ValueError(
    `fit: strategy '${strategy.name}' needs arrays, for its replicas take batches in no order, and got a stream; gather the ` +
      `stream's batches first, or leave strategy out`,
    'STRATEGY_DATA',
  );
}

/** @throws ValueError for what no replica on a device can do */
function refuseOnDevice({ kernels, executor }: Runtime, { name, world }: ReplicaStrategy): void {
  const { backend } = kernels.library;
  if (world) {
    throw new ValueError(
      `fit: simulated '${name}' has all replicas compute on the caller's thread, and backend '${backend}' computes on a device; ` +
        `use js() or wasm() with it, or the strategy itself`,
      'STRATEGY_BACKEND',
    );
  }
  if (executor.runNow) return;
  throw new ValueError(
    `fit: replicas of strategy '${name}' do single steps by the executor of backend '${backend}', and it has no runNow; leave strategy out`,
    'STRATEGY_BACKEND',
  );
}
