import { createEngine, type ReplicaReport } from '@convoy/engine';
import type { DataSet } from '../digits/data-set.js';
import type { Contender } from './contenders.js';
import { buildNetwork } from './network.js';
import { Straggler } from './straggler/straggler.js';

/** How far a run had come. */
export interface Milestone {
  /** Of training alone: without the start of the threads and without the tests. */
  readonly seconds: number;
  readonly examples: number;
  /** Of the test images, 0 … 1. */
  readonly accuracy: number;
}

/** A training with one strategy. */
export interface Race {
  readonly contender: Contender;
  readonly replicas: number;
  readonly milestones: readonly Milestone[];
  /** Null for synchronous training. */
  readonly report: ReplicaReport | null;
}

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** How many times as long one replica, or one worker, takes. */
  readonly slow: number;
}

const TESTS_PER_EPOCH = 4;

/** Trains on the same examples as all others, in an engine of its own, and tests now and then. */
export async function race(
  contender: Contender,
  replicas: number,
  data: DataSet,
  { epochs, batchSize, seed, slow }: Recipe,
  signal: AbortSignal,
): Promise<Race> {
  const strategy = contender.strategy(replicas);
  const straggler = new Straggler(slow);
  await using engine = await createEngine({ backend: straggler.backend, workers: replicas, seed });
  const model = buildNetwork(engine, data);
  const { images, labels } = data.train;
  const batches = Math.ceil(labels.length / batchSize);
  const batchesPerStep = strategy.kind === 'replicas' && strategy.oneBatch ? replicas : 1;
  const stepsPerFence = Math.max(1, Math.round(batches / TESTS_PER_EPOCH / batchesPerStep));
  const stepsPerEpoch = Math.ceil(batches / batchesPerStep);

  const milestones: Milestone[] = [];
  let [seconds, since] = [0, 0];
  const test = async (examples: number): Promise<void> => {
    seconds += (performance.now() - since) / 1000;
    const { accuracy } = await straggler.rest(() => model.evaluate({ x: data.test.images, y: data.test.labels }));
    milestones.push({ seconds, examples, accuracy });
    since = performance.now();
  };
  if (slow > 1) straggler.choose();
  const { report } = await model.fit(
    { x: images, y: labels },
    {
      epochs,
      batchSize,
      strategy,
      signal,
      stepsPerFence,
      callbacks: {
        onEpochBegin: () => {
          since ||= performance.now();
        },
        onFence: ({ epoch, step }) =>
          step === stepsPerEpoch
            ? undefined
            : test(epoch * labels.length + Math.min(labels.length, step * batchesPerStep * batchSize)),
        onEpochEnd: (epoch) => test((epoch + 1) * labels.length),
      },
    },
  );
  return { contender, replicas, milestones, report };
}
