import { findBadValue } from '../data/check-values.js';
import { columnsOf, type ArrayData, type Column, type FieldSpec } from '../data/dataset.js';
import { fillSlot, publishSlot } from '../data/fill-slot.js';
import { ValueError } from '../errors.js';
import { viewAt } from '../execute/member.js';
import { runWithinTurn } from '../execute/run-within-turn.js';
import { jobOf, slotFields, type Plan } from './plan.js';
import type { Runtime } from './runtime.js';
import { sizeOf } from '../define/op/shape.js';

/** Outputs for every row of the inputs, in C order; one array for each output of the model. All see the same weights. */
export async function predict(
  runtime: Runtime,
  plan: Plan,
  x: ArrayData['x'],
  inputs: readonly FieldSpec[],
  aborted: AbortSignal,
): Promise<{ rows: number; outputs: Float32Array[] }> {
  const { program, placed } = plan;
  const { control, placement } = placed;
  const columns = columnsOf('predict', { x }, inputs, []);
  const rows = columns[0]?.rows ?? 0;
  const perRow = program.outputs.map((field) => sizeOf(field.shape));
  const outputs = perRow.map((size) => new Float32Array(rows * size));
  const slots = { memory: runtime.arena.memory, batch: placement.batch, fields: slotFields(program, inputs) };
  await runWithinTurn(runtime.turns, async () => {
    for (let first = 0; first < rows; first += program.batchSize) {
      aborted.throwIfAborted();
      const count = Math.min(program.batchSize, rows - first);
      refuseBadValues(columns, inputs, first, count);
      control.reset(1);
      fillSlot(
        slots,
        0,
        columns.map((c) => c.values),
        count,
        (i) => first + i,
      );
      publishSlot(control, 0, count);
      await runtime.executor.run(jobOf(runtime, plan, 0));
      program.outputs.forEach((field, i) => {
        const size = perRow[i] as number;
        const values = viewAt(runtime.arena.memory, placement.batch[0] + field.offset, count * size, field.dtype);
        outputs[i]?.set(values, first * size);
      });
    }
  });
  return { rows, outputs };
}

/** Batch by batch, so that the caller's thread is not held up by a large set. */
function refuseBadValues(columns: readonly Column[], inputs: readonly FieldSpec[], first: number, count: number): void {
  columns.forEach(({ values }, i) => {
    const { name, shape } = inputs[i] as FieldSpec;
    const perRow = sizeOf(shape);
    const batch = values.subarray(first * perRow, (first + count) * perRow);
    const bad = findBadValue(batch, { name, perRow, below: null }, first);
    if (bad !== null) throw new ValueError(`predict: ${bad}`, 'DATA_VALUE');
  });
}
