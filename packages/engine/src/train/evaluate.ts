import { stepsOf, type BatchSource } from '../data/batch-source.js';
import type { FieldSpec } from '../data/dataset.js';
import { runWithinTurn } from '../execute/run-within-turn.js';
import type { Logs } from './events.js';
import { feedWhile } from './feed-while.js';
import { jobOf, type Plan } from './plan.js';
import { totals } from './progress.js';
import type { Runtime } from './runtime.js';

/**
 * Loss and metrics over a data set. All of it sees the same weights: the workers do nothing else until it is done.
 */
export function evaluate(
  runtime: Runtime,
  plan: Plan,
  source: BatchSource,
  fields: readonly FieldSpec[],
  steps: number,
  aborted: AbortSignal,
): Promise<Logs> {
  const { program, placed } = plan;
  const { control } = placed;
  return runWithinTurn(runtime.turns, async () => {
    control.reset(stepsOf(source, program.batchSize));
    await feedWhile(runtime, source, { plan, fields, shuffle: null, aborted }, async () => {
      await runtime.executor.run(jobOf(runtime, plan, steps));
    });
    return totals(
      control,
      program.results.map((r) => r.name),
    );
  });
}
