import { ArraySource } from '../data/array-source.js';
import type { BatchSource } from '../data/batch-source.js';
import type { ValueCheck } from '../data/check-values.js';
import { columnsOf, isStream, type ArrayData, type Column, type Data, type FieldSpec } from '../data/dataset.js';
import { StreamSource } from '../data/stream-source.js';
import type { Program } from '../graph/program.js';

/** The source that feeds a program from what the user gave: its columns in the order of the program's fields. */
export function sourceOf(
  where: string,
  data: Data,
  program: Program,
  inputs: readonly FieldSpec[],
  targets: readonly FieldSpec[],
): BatchSource {
  const specs = [...inputs, ...targets];
  const order = program.inputs.map((field) => specs.findIndex((spec) => spec.name === field.name));
  const columns = (batch: ArrayData, place: string): Column[] => {
    const all = columnsOf(place, batch, inputs, targets);
    return order.map((i) => all[i] as Column);
  };
  const checks = order.map((i): ValueCheck => {
    const spec = specs[i] as FieldSpec;
    return { name: spec.name, perRow: spec.shape.reduce((a, b) => a * b, 1), below: spec.below };
  });
  return isStream(data)
    ? new StreamSource(where, data, columns, checks)
    : new ArraySource(where, columns(data, where), checks);
}
