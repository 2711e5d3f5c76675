import type { View } from '@convoy/engine/kernels';

/** One loop: its length, and by how much each operand moves per turn (0 where it is broadcast). */
export interface Loop {
  readonly length: number;
  readonly strides: readonly number[];
}

/**
 * The loops over a result shape, outermost first. Neighbouring axes become one loop where every operand runs on from
 * one to the next, so that equal shapes give a single loop. A batched result keeps axis 0 apart: its length is known
 * only when it runs. An axis of length 1 has no loop, unless it is the batch: nothing moves along it.
 */
export function loopNest(result: readonly number[], operands: readonly View[], batched: boolean): Loop[] {
  const loops: Loop[] = [];
  result.forEach((length, axis) => {
    if (length === 1 && !(batched && axis === 0)) return;
    const loop: Loop = { length, strides: operands.map((operand) => strideOf(operand, axis, result.length)) };
    const outer = loops.at(-1);
    const joins =
      outer !== undefined &&
      !(batched && loops.length === 1) &&
      outer.strides.every((stride, i) => stride === loop.strides[i] * length);
    if (joins) loops[loops.length - 1] = { length: outer.length * length, strides: loop.strides };
    else loops.push(loop);
  });
  return loops.length > 0 ? loops : [{ length: 1, strides: operands.map(() => 0) }];
}

/** Elements between neighbours of an operand along an axis of the result. */
function strideOf(operand: View, axis: number, rank: number): number {
  const own = axis - rank + operand.shape.length;
  if (own < 0 || operand.shape[own] === 1) return 0;
  return operand.shape.slice(own + 1).reduce((a, b) => a * b, 1);
}
