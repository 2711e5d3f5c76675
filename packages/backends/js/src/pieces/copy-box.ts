import { rows, stridesOf, type Run, type View } from '@convoy/engine/kernels';

/** Where a box of elements begins in an array, and the distance between neighbours along each of its axes. */
export interface BoxPlace {
  readonly start: number;
  readonly strides: readonly number[];
}

/** The box that begins at index `begin` of a tensor. */
export function boxIn(shape: readonly number[], begin: readonly number[]): BoxPlace {
  const strides = stridesOf(shape);
  return { start: strides.reduce((sum, stride, axis) => sum + stride * begin[axis], 0), strides };
}

/**
 * Binds the copy of a box of x into a box of y, both of the shape of `box`, one of the two: along axis 0 as many rows as
 * are there when it runs.
 */
export function boxCopier(box: View, x: View, from: BoxPlace, y: View, to: BoxPlace): (run: Run) => void {
  const { shape } = box;
  const last = shape.length - 1;
  const [source, target] = [x.data, y.data];
  const copy = (axis: number, length: number, at: number, into: number): void => {
    const step = from.strides[axis];
    const stride = to.strides[axis];
    for (let i = 0; i < length; i++) {
      if (axis === last) target[into + i * stride] = source[at + i * step];
      else copy(axis + 1, shape[axis + 1], at + i * step, into + i * stride);
    }
  };
  return (run) => {
    if (last < 0) target[to.start] = source[from.start];
    else copy(0, rows(box, run), from.start, to.start);
  };
}
