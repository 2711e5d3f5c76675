import { rows, stridesOf, type BoundKernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { PiecesExports } from './exports.js';

/** Where a box of elements begins in a tensor, and the elements between neighbours along each of the box's axes. */
export interface BoxPlace {
  readonly start: number;
  readonly strides: readonly number[];
}

/** The box that begins at index `begin` of a tensor, by default at its start. */
export function boxIn(shape: readonly number[], begin: readonly number[] = shape.map(() => 0)): BoxPlace {
  const strides = stridesOf(shape);
  return { start: strides.reduce((sum, stride, axis) => sum + stride * begin[axis], 0), strides };
}

/** An axis of a copy: its length, and the bytes between neighbours on both sides. */
interface Axis {
  readonly length: number;
  readonly source: number;
  readonly target: number;
}

/** Axes of one call. */
const AXES = 4;
/** Index of the length of the outermost axis among the numbers of a call. */
const ROWS = 2;

/**
 * Binds the copy of a box of x into a box of y, both of the shape of `box`: along axis 0 as many rows as are there when it runs.
 * Neighbouring axes that run on from one to the next on both sides are one.
 */
export function boxCopier(
  { copyBox }: PiecesExports,
  box: View,
  x: View,
  from: BoxPlace,
  y: View,
  to: BoxPlace,
): BoundKernel {
  const [first, ...inner] = axesOf(box.shape, from, to);
  const calls = boxes(inner.slice(0, Math.max(0, inner.length - AXES + 1))).map(([source, target]) => {
    const axes = [first, ...padded(inner.slice(-AXES + 1))];
    return [
      addressOf(x.data) + 4 * from.start + source,
      addressOf(y.data) + 4 * to.start + target,
      ...axes.map(({ length }) => length),
      ...axes.map((axis) => axis.source),
      ...axes.map((axis) => axis.target),
    ] as [number, number, ...number[]];
  });
  return (run) => {
    const n = box.shape.length === 0 ? 1 : rows(box, run);
    for (const numbers of calls) {
      numbers[ROWS] = n;
      copyBox(...numbers);
    }
  };
}

function axesOf(shape: readonly number[], from: BoxPlace, to: BoxPlace): Axis[] {
  const axes: Axis[] = [];
  (shape.length === 0 ? [1] : shape).forEach((length, i) => {
    const axis = { length, source: 4 * (from.strides[i] ?? 1), target: 4 * (to.strides[i] ?? 1) };
    const outer = axes.at(-1);
    const runsOn = outer?.source === axis.source * length && outer.target === axis.target * length;
    // The number of rows is known only when it runs.
    if (axes.length > 1 && outer && runsOn) axes[axes.length - 1] = { ...axis, length: outer.length * length };
    else axes.push(axis);
  });
  return axes;
}

/** Three axes, the missing ones in front. */
function padded(axes: readonly Axis[]): readonly Axis[] {
  const missing = Array.from({ length: AXES - 1 - axes.length }, () => ({ length: 1, source: 4, target: 4 }));
  return [...missing, ...axes];
}

/** Offsets in bytes of every combination of indices along axes that one call has no room for. */
function boxes(axes: readonly Axis[]): [source: number, target: number][] {
  return axes.reduce<[number, number][]>(
    (all, { length, source, target }) =>
      all.flatMap(([s, t]) => Array.from({ length }, (_, i): [number, number] => [s + i * source, t + i * target])),
    [[0, 0]],
  );
}
