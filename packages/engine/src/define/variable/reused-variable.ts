import { ValueError } from '../../errors.js';
import { samePartition, type Partition } from './partitioner.js';
import { formatShape, sameShape, type Shape } from '../op/shape.js';
import type { Variable } from './variable.js';

/** @throws ValueError unless every length is known */
export function checkedLengths(name: string, shape: Shape): readonly number[] {
  if (shape.some((d) => d === null || !Number.isInteger(d) || d < 0)) {
    throw new ValueError(
      `Shape of a new variable (${name}) must be fully defined, but instead was ${formatShape(shape)}.`,
      'SHAPE',
    );
  }
  return shape as readonly number[];
}

/** The variable itself. @throws ValueError when it differs from what is asked for */
export function sameAs(existing: Variable, shape: readonly number[], partition: Partition | null): Variable {
  if (!sameShape(existing.shape, shape)) {
    throw new ValueError(
      `Trying to share variable ${existing.name}, but specified shape ${formatShape(shape)} and found shape ` +
        `${formatShape(existing.shape)}.`,
      'SHAPE_MISMATCH',
    );
  }
  if (partition !== null && (existing.partition === null || !samePartition(partition, existing.partition))) {
    throw new ValueError(
      `Trying to reuse partitioned variable ${existing.name}, but specified partitions ${partitionText(partition)} and ` +
        `found partitions ${partitionText(existing.partition)}.`,
      'PARTITIONER',
    );
  }
  return existing;
}

function partitionText(partition: Partition | null): string {
  return partition === null ? 'none' : `[${partition.sizes.join(', ')}] along axis ${partition.axis}`;
}
