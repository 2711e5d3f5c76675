import { ValueError } from '../errors.js';

export type DType = 'float32' | 'int32';

/** The length of an axis; `null` is the batch axis of a symbolic tensor, whose length is known only when it runs. */
export type Dimension = number | null;
export type Shape = readonly Dimension[];

export function formatShape(shape: Shape): string {
  return `[${shape.map((d) => (d === null ? 'batch' : String(d))).join(', ')}]`;
}

/** Whether axis 0 is the batch. Only axis 0 can be. */
export function isBatched(shape: Shape): boolean {
  return shape.length > 0 && shape[0] === null;
}

/** Number of elements of one example (batched) or of the whole tensor (not batched). */
export function elementsPerRow(shape: Shape): number {
  let size = 1;
  for (const d of isBatched(shape) ? shape.slice(1) : shape) size *= d ?? Number.NaN;
  return size;
}

/** Number of elements when the batch axis holds `examples`. */
export function sizeOf(shape: Shape, examples = 1): number {
  return isBatched(shape) ? examples * elementsPerRow(shape) : elementsPerRow(shape);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** numpy's rule: aligned at the last axis, equal or 1; the batch axis meets itself, 1, or nothing. */
export function broadcastShapes(where: string, shapes: readonly Shape[]): Shape {
  let result: Shape = [];
  for (const shape of shapes) result = broadcastPair(where, result, shape);
  return result;
}

function broadcastPair(where: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? (i - rank + a.length < 0 ? 1 : null);
    const right = b[i - rank + b.length] ?? (i - rank + b.length < 0 ? 1 : null);
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ValueError(
      `${where}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ` +
        `axis ${i - rank} has ${left ?? 'batch'} on one side and ${right ?? 'batch'} on the other, and neither is 1`,
      'SHAPE_MISMATCH',
    );
  });
}

/** Refuses a batch axis anywhere but first, negative or fractional lengths. */
export function checkShape(where: string, shape: Shape): Shape {
  shape.forEach((d, axis) => {
    if (d === null ? axis !== 0 : !Number.isInteger(d) || d < 0) {
      throw new ValueError(
        d === null
          ? `${where}: the batch axis must stay the first one, got shape ${formatShape(shape)}`
          : `${where}: dimension ${axis} of shape ${formatShape(shape)} must be an integer >= 0`,
        'SHAPE',
      );
    }
  });
  return shape;
}

/** Counts axes from the end when negative; refuses what lies outside. */
export function resolveAxis(where: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    throw new ValueError(`${where}: axis ${axis} is outside -${rank} … ${rank - 1} (rank ${rank})`, 'AXIS');
  }
  return resolved;
}
