import { ArraySource } from '../data/array-source.js';
import type { BatchSource } from '../data/batch-source.js';
import { columnsOf, isStream, type ArrayData, type Column, type Data, type FieldSpec } from '../data/dataset.js';
import { StreamSource } from '../data/stream-source.js';
import { sizeOf } from '../define/op/shape.js';

/** The source of what the user gave: a column for each input, then for each target. */
export function sourceOf(
  where: string,
  data: Data,
  inputs: readonly FieldSpec[],
  targets: readonly FieldSpec[],
): BatchSource {
  const columns = (batch: ArrayData, place: string): Column[] => columnsOf(place, batch, inputs, targets);
  const checks = [...inputs, ...targets].map(({ name, shape, below }) => ({
    name,
    perRow: sizeOf(shape),
    below,
  }));
  return isStream(data)
    ? new StreamSource(where, data, columns, checks)
    : new ArraySource(where, columns(data, where), checks);
}
