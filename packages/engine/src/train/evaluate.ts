import type { Data, FieldSpec } from '../data/dataset.js';
import { runWithinTurn } from '../execute/run-within-turn.js';
import { Word } from '../memory/control.js';
import type { Logs } from './events.js';
import { jobOf, slotFields, type Plan } from './plan.js';
import { totals } from './progress.js';
import type { Runtime } from './runtime.js';
import { sourceOf } from './source-of.js';

/**
 * Loss and metrics over a data set. All of it sees the same weights: the workers do nothing else until it is done.
 */
export async function evaluate(
  runtime: Runtime,
  plan: Plan,
  data: Data,
  fields: { inputs: readonly FieldSpec[]; targets: readonly FieldSpec[] },
  steps: number,
): Promise<Logs> {
  const { program, placed } = plan;
  const { control, placement } = placed;
  const source = sourceOf('evaluate', data, fields.inputs, fields.targets);
  try {
    await source.open();
    return await runWithinTurn(runtime.turns, async () => {
      control.reset(source.rows === null ? 2 ** 31 - 1 : Math.ceil(source.rows / program.batchSize));
      const failure: { error: unknown } = { error: null };
      const feeding = source
        .feed({
          memory: runtime.arena.memory,
          placement,
          control,
          batchSize: program.batchSize,
          fields: slotFields(program, [...fields.inputs, ...fields.targets]),
          shuffle: null,
        })
        .catch((error: unknown) => {
          failure.error = error;
          control.pause();
        });
      try {
        await runtime.executor.run(jobOf(runtime, plan, steps));
      } finally {
        control.store(Word.sourceStops, 1);
        await feeding;
      }
      if (failure.error !== null) throw failure.error;
      return totals(
        control,
        program.results.map((r) => r.name),
      );
    });
  } finally {
    await source.dispose();
  }
}
