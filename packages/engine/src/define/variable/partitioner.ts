import { ValueError } from '../../errors.js';
import { callRule } from '../op/author-rule.js';
import { formatShape, type DType } from '../op/shape.js';

/**
 * How a variable is cut: for its full shape a number of parts for each axis, at most one of them above 1. Part sizes
 * along the axis differ by at most one, larger ones first.
 */
export type Partitioner = (shape: readonly number[], dtype: DType) => readonly number[];

/** The cut of a variable into parts along one axis. */
export interface Partition {
  readonly axis: number;
  /** Lengths of the parts along the axis. */
  readonly sizes: readonly number[];
}

/** @throws ValueError when the partitioner's answer is no partition of the shape */
export function partitionOf(
  variable: string,
  partitioner: Partitioner,
  shape: readonly number[],
  dtype: DType,
): Partition {
  if (typeof partitioner !== 'function') {
    throw new ValueError(
      `variable '${variable}': Partitioner must be callable, but received: ${String(partitioner)}`,
      'PARTITIONER',
    );
  }
  const place = `variable '${variable}' ${formatShape(shape)}`;
  const counts: unknown = callRule(place, 'partitioner', () => partitioner(shape, dtype));
  const refuse = (why: string): never => {
    throw new ValueError(`${place}: ${why}; the partitioner gave ${JSON.stringify(counts)}`, 'PARTITIONER');
  };
  if (!Array.isArray(counts)) return refuse('Partitioner must return a sequence with a number of parts for each axis');
  const list = counts as readonly number[];
  if (list.length !== shape.length)
    return refuse(`Partitioner must return one number for each of ${shape.length} axes`);
  if (list.some((n) => !Number.isInteger(n) || n < 1))
    return refuse('Partitioner returned zero partitions for some axes');
  if (list.some((n, axis) => n > (shape[axis] as number)))
    return refuse('there are more parts than elements along an axis');
  const cut = list.flatMap((n, axis) => (n > 1 ? [axis] : []));
  if (cut.length > 1) return refuse('a variable is cut along one axis only');
  const axis = cut[0] ?? 0;
  const [length, parts] = [shape[axis] ?? 1, list[axis] ?? 1];
  return {
    axis,
    sizes: Array.from({ length: parts }, (_, i) => Math.floor(length / parts) + (i < length % parts ? 1 : 0)),
  };
}

export function samePartition(a: Partition, b: Partition): boolean {
  return a.axis === b.axis && a.sizes.join() === b.sizes.join();
}
