import type { BatchSource, PassTarget } from '../data/batch-source.js';
import type { FieldSpec } from '../data/dataset.js';
import { Word } from '../memory/control.js';
import { slotFields, type Plan } from './plan.js';
import type { Runtime } from './runtime.js';

export interface FeedTarget {
  readonly plan: Plan;
  /** Of the columns of the data, in order. */
  readonly fields: readonly FieldSpec[];
  readonly shuffle: PassTarget['shuffle'];
  readonly aborted: AbortSignal;
}

/**
 * Has a source feed the slots of a plan while `work` runs the steps. `stopped` says whether the steps are to end early:
 * after an abort, or when the source has failed.
 *
 * @throws what went wrong with the data, or the abort's reason, or what the work throws
 */
export async function feedWhile(
  runtime: Runtime,
  source: BatchSource,
  { plan, fields, shuffle, aborted }: FeedTarget,
  work: (stopped: () => boolean) => Promise<void>,
): Promise<void> {
  const { control, placement } = plan.placed;
  const over = new AbortController();
  const failure: { error: unknown } = { error: null };
  const stop = (): void => {
    control.store(Word.sourceStops, 1);
    over.abort();
    control.pause();
  };
  aborted.addEventListener('abort', stop);
  const pass = {
    memory: runtime.arena.memory,
    placement,
    control,
    batchSize: plan.program.batchSize,
    fields: slotFields(plan.program, fields),
    shuffle,
    over: over.signal,
  };
  const feeding = source.feed(pass).catch((error: unknown) => {
    failure.error = error;
    stop();
  });
  try {
    await work(() => aborted.aborted || failure.error !== null);
  } finally {
    control.store(Word.sourceStops, 1);
    over.abort();
    aborted.removeEventListener('abort', stop);
    await feeding;
  }
  if (failure.error !== null) throw failure.error;
  aborted.throwIfAborted();
}
