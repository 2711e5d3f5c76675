import type { View } from './kernel.js';
import { sameShape, sizeOf, type Shape } from './shape.js';

/** One loop: its length, and by how much each operand moves per turn (0 where it is broadcast). */
export interface Loop {
  readonly length: number;
  readonly strides: readonly number[];
}

/** The loops of an elementwise call over its result, outermost first, and how many turns of the outermost one an example takes. */
export interface LoopNest {
  readonly loops: readonly Loop[];
  readonly turnsPerExample: number;
}

/**
 * Neighbouring axes become one loop where every operand runs on from one to the next, so that equal shapes give a single loop, over the
 * batch too. An axis of length 1 has no loop, unless it is the batch: nothing moves along it.
 */
export function loopNest(result: Pick<View, 'shape' | 'batched'>, operands: readonly Pick<View, 'shape'>[]): LoopNest {
  const loops: Loop[] = [];
  let turnsPerExample = 1;
  result.shape.forEach((length, axis) => {
    if (length === 1 && !(result.batched && axis === 0)) return;
    const loop: Loop = { length, strides: operands.map((x) => strideOf(x, axis, result.shape.length)) };
    const outer = loops.at(-1);
    if (outer === undefined || outer.strides.some((stride, i) => stride !== (loop.strides[i] as number) * length)) {
      loops.push(loop);
      return;
    }
    if (loops.length === 1) turnsPerExample *= length;
    loops[loops.length - 1] = { length: outer.length * length, strides: loop.strides };
  });
  if (loops.length === 0) loops.push({ length: 1, strides: operands.map(() => 0) });
  return { loops, turnsPerExample };
}

/**
 * Whether an elementwise call may be done range by range: every operand has the result's shape or is a scalar. Its loops are one then.
 * Only such a call, of a result that is not batched, runs with a range that means something.
 */
export function isSplit(result: Shape, operands: readonly Shape[]): boolean {
  return operands.every((shape) => sizeOf(shape) === 1 || sameShape(shape, result));
}

/** Elements between neighbours of an operand along an axis of the result. */
function strideOf({ shape }: Pick<View, 'shape'>, axis: number, rank: number): number {
  const own = axis - rank + shape.length;
  if (own < 0 || shape[own] === 1) return 0;
  return sizeOf(shape.slice(own + 1));
}
