import type { NumberArray, Run, View } from '../define/op/kernel.js';
import { isBatched, sizeOf } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { ValueError } from '../errors.js';
import { sumsBatch } from '../graph/domains.js';
import { checkClose } from './agreement.js';
import { caseGraph, inputName } from './case-graph.js';
import { evaluationOf, type Workbench } from './evaluate.js';
import type { OpCase } from './op-case.js';

/** A kernel that computes rows of a sum over the batch alone: the sum, and the same bits wherever ranges begin. */
export function rowsCheck(opCase: OpCase, tested: Workbench, exact: Workbench, tolerance: number): void {
  const { op, inputs, output, values, batch } = caseGraph(opCase);
  const known = tested.kernels.has(op.name) && !!tested.kernels.kernel(op.name).bindRows;
  const isSum = sumsBatch(output) && inputs.every((x, i) => isBatched(x.shape) && output.inputs[i] === x);
  if (!known || !isSum) return;
  const given = inputs.map((_, i) => values.get(inputName(i)) as NumberArray);
  const [expected] = evaluationOf(exact, [output], batch)(values) as [NumberArray];
  const rows = output.shape[0] ?? 1;
  const whole = rowsOf(tested, output, given, batch.examples, [0, rows]);
  checkClose(`${opCase.name}, by rows`, whole, expected, tolerance);
  const cuts = Array.from({ length: rows + 1 }, (_, i) => i);
  const differing = rowsOf(tested, output, given, batch.examples, cuts).findIndex((x, i) => !Object.is(x, whole[i]));
  if (differing < 0) return;
  throw new ValueError(
    `${opCase.name}: element ${differing} has other bits when its row is computed alone than with all rows`,
    'CONFORMANCE',
  );
}

/** The result, computed in ranges of rows between cuts. */
function rowsOf(
  { arena, kernels }: Workbench,
  { op, shape, inputs, attributes }: SymbolicTensor,
  given: readonly NumberArray[],
  examples: number,
  cuts: readonly number[],
): NumberArray {
  const kernel = kernels.kernel(op.name);
  const roomFor = (elements: number): Float32Array => arena.floats(arena.allocate(4 * elements), elements);
  const operands = given.map((numbers, i): View => {
    const data = roomFor(numbers.length);
    data.set(numbers);
    return { data, shape: [examples, ...((inputs[i]?.shape.slice(1) ?? []) as number[])], batched: true };
  });
  const result: View = { data: roomFor(sizeOf(shape)), shape: shape as number[], batched: false };
  const call = { inputs: operands, outputs: [result], attributes };
  const planned = { ...call, attributes: { ...kernel.choose?.(call), ...attributes } };
  const bound = kernel.bindRows?.({ ...planned, scratch: roomFor(kernel.scratch?.(planned) ?? 0) });
  const row = sizeOf(shape.slice(1));
  const fixed = { examples, firstExample: 0, count: examples, shards: 1, step: 0, nonFinite: false };
  cuts.slice(1).forEach((end, i) => {
    const run: Run = { ...fixed, begin: (cuts[i] as number) * row, end: end * row };
    bound?.(run);
  });
  return result.data;
}
