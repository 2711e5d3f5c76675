import { rows, rowSize, type BoundKernel, type View } from '@convoy/engine/kernels';

/** Visits the vectors of a view's last axis that hold values in a run: where each begins, and its number. */
export function eachVector(view: View, visit: (at: number, index: number) => void): BoundKernel {
  const length = view.shape.at(-1) ?? 1;
  const single = view.shape.length === 1;
  const perRow = single ? 1 : rowSize(view) / length;
  return (run) => {
    const count = single ? 1 : rows(view, run) * perRow;
    for (let i = 0; i < count; i++) visit(i * length, i);
  };
}
