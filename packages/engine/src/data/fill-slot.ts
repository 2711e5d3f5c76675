import type { Control } from '../memory/control.js';
import { Word } from '../memory/control.js';
import type { NumericArray } from './dataset.js';

/** Where a field's rows go in a slot of the batch. */
export interface SlotField {
  /** Index of the field's values among the columns of the data. */
  readonly column: number;
  /** Bytes from the start of the slot. */
  readonly offset: number;
  readonly perRow: number;
  readonly dtype: 'float32' | 'int32';
}

export interface Slots {
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly batch: readonly [number, number];
  readonly fields: readonly SlotField[];
}

/** Copies rows into the slot of a step, from its row `first` on: `rowAt(i)` is the row of the column that becomes the i-th of them. */
export function fillSlot(
  slots: Slots,
  step: number,
  columns: readonly NumericArray[],
  count: number,
  rowAt: (i: number) => number,
  first = 0,
): void {
  const base = slots.batch[step & 1] as number;
  for (const { column, perRow, dtype, offset } of slots.fields) {
    const source = columns[column] as NumericArray;
    const { buffer } = slots.memory;
    const start = base + offset + 4 * first * perRow;
    const length = count * perRow;
    const target = dtype === 'int32' ? new Int32Array(buffer, start, length) : new Float32Array(buffer, start, length);
    for (let i = 0; i < count; i++) {
      const from = rowAt(i) * perRow;
      const to = i * perRow;
      for (let j = 0; j < perRow; j++) target[to + j] = source[from + j] as number;
    }
  }
}

/** Tells the workers that the slot of a step is filled. */
export function publishSlot(control: Control, step: number, count: number): void {
  control.store(Word.examples + (step & 1), count);
  control.store(Word.filled + (step & 1), step + 1);
  Atomics.notify(control.words, Word.filled + (step & 1));
}

/** Whether the slot of a step is free: the last step that used it needs it no more. */
export function slotIsFree(control: Control, step: number): boolean {
  return control.load(Word.taken) >= step - 1;
}
