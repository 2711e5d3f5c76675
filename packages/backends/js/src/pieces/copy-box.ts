import { rows, type NumberArray, type Run, type View } from '@convoy/engine/kernels';

/** Where a box of elements begins in an array, and the distance between neighbours along each of its axes. */
export interface BoxPlace {
  readonly start: number;
  readonly strides: readonly number[];
}

/** The box that begins at index `begin` of a tensor. */
export function boxIn(shape: readonly number[], begin: readonly number[]): BoxPlace {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return { start: strides.reduce((sum, stride, axis) => sum + stride * begin[axis], 0), strides };
}

/** Copies a box of lengths `size` from one array to another, axis by axis. */
export function copyBox(size: readonly number[], x: NumberArray, from: BoxPlace, y: NumberArray, to: BoxPlace): void {
  const last = size.length - 1;
  const copy = (axis: number, source: number, target: number): void => {
    const length = size[axis];
    const [step, stride] = [from.strides[axis], to.strides[axis]];
    for (let i = 0; i < length; i++) {
      if (axis === last) y[target + i * stride] = x[source + i * step];
      else copy(axis + 1, source + i * step, target + i * stride);
    }
  };
  if (last < 0) y[to.start] = x[from.start];
  else copy(0, from.start, to.start);
}

/** A view's lengths with the rows of this run. */
export function lengthsNow(view: View, run: Run): number[] {
  return view.shape.map((length, axis) => (axis === 0 ? rows(view, run) : length));
}
