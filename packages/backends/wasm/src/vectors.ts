import { rowSize, type View } from '@convoy/engine/kernels';

/** How a view is made of vectors along its last axis. */
export function vectorsOf(view: View): { perRow: number; length: number; isSingle: boolean } {
  const length = view.shape.at(-1) ?? 1;
  const isSingle = view.shape.length <= 1;
  return { perRow: isSingle || length === 0 ? 1 : rowSize(view) / length, length, isSingle };
}
