import { ValueError } from '../../errors.js';
import { describeValue } from '../plugin/describe-value.js';

/** What elements are. Ops compute in float32; int32 is for data, such as labels. */
export type DType = 'float32' | 'int32';

/** @throws ValueError unless it is a type that tensors have */
export function checkDType(dtype: unknown): void {
  if (dtype === 'float32' || dtype === 'int32') return;
  throw new ValueError(`dtype must be 'float32' or 'int32', got ${describeValue(dtype)}`, 'OPTION');
}

/** The length of an axis; `null` is the batch axis of a symbolic tensor, whose length is known only when it runs. */
export type Dimension = number | null;
/** Lengths of the axes, the outermost first; [] is the shape of a scalar. */
export type Shape = readonly Dimension[];

/** `null` in front is the batch; elsewhere a length that is not known. */
export function formatShape(shape: Shape): string {
  return `[${shape.map((d, axis) => d ?? (axis === 0 ? 'batch' : '?')).join(', ')}]`;
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

/** Elements between neighbours along each axis of a tensor that lies in C order. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** numpy's rule: aligned at the last axis, equal or 1; the batch axis meets itself, 1, or nothing. */
export function broadcastShapes(shapes: readonly Shape[]): Shape {
  return shapes.reduce((a, b) => broadcastPair(a, b), []);
}

function broadcastPair(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? (i - rank + a.length < 0 ? 1 : null);
    const right = b[i - rank + b.length] ?? (i - rank + b.length < 0 ? 1 : null);
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ValueError(
      `shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ` +
        `axis ${i - rank} has ${left ?? 'batch'} on one side and ${right ?? 'batch'} on the other, and neither is 1`,
      'SHAPE_MISMATCH',
    );
  });
}

/** What an op's shape rule gave: a batch axis stands first, all other lengths are integers >= 0. @throws ValueError */
export function checkShape(given: unknown): Shape {
  if (!Array.isArray(given)) {
    throw new ValueError(`its shape rule must return a list of lengths, got ${describeValue(given)}`, 'SHAPE');
  }
  const shape: Shape = given;
  shape.forEach((d, axis) => {
    if (d === null ? axis !== 0 : !Number.isInteger(d) || d < 0) {
      throw new ValueError(
        d === null
          ? `the batch axis must stay the first one, got shape [${shape.map((n) => n ?? 'batch').join(', ')}]`
          : `dimension ${axis} of shape ${formatShape(shape)} must be an integer >= 0`,
        'SHAPE',
      );
    }
  });
  return shape;
}

/** Whether it lists the lengths of all axes: integers of at least `least`. */
export function isLengths(shape: unknown, least: 0 | 1): shape is readonly number[] {
  return Array.isArray(shape) && shape.every((d) => Number.isInteger(d) && d >= least);
}

/** @throws ValueError unless it lists the lengths of one example's axes */
export function checkExampleShape(name: string, shape: unknown): readonly number[] {
  if (isLengths(shape, 1)) return shape;
  throw new ValueError(
    `${name} must list the positive lengths of one example's axes, without the batch, got ${describeValue(shape)}`,
    'SHAPE',
  );
}

/** Counts axes from the end when negative; refuses what lies outside. */
export function resolveAxis(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    throw new ValueError(`axis ${axis} is outside -${rank} … ${rank - 1} (rank ${rank})`, 'AXIS');
  }
  return resolved;
}
