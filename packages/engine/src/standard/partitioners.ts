/** TensorFlow's partitioners. Byte sizes count 4 bytes an element. */
import { checkNumber, checkOptions } from '../define/plugin/options.js';
import type { Partitioner } from '../define/variable/partitioner.js';
import { sizeOf } from '../define/op/shape.js';
import { inPlace, ValueError } from '../errors.js';

const BYTES = 4;

/** A partitioner with checked options; what is refused names it. */
function factory<O extends object>(
  name: string,
  known: readonly (keyof O & string)[],
  rule: (given: O) => Partitioner,
) {
  return (options: O): Partitioner => {
    checkOptions(name, options, known);
    const counts = inPlace(name, () => rule(options));
    return (shape, dtype) => inPlace(name, () => counts(shape, dtype));
  };
}

/** Negative axes count from the end. */
function along(shape: readonly number[], axis: number, parts: (length: number) => number): number[] {
  const resolved = axis < 0 ? axis + shape.length : axis;
  const length = shape[resolved];
  if (length === undefined) {
    throw new ValueError(
      `Cannot partition along axis ${axis} when shape is only [${shape.join(', ')}]; -1 is the last axis of any`,
      'AXIS',
    );
  }
  return shape.map((_, i) => (i === resolved ? Math.max(1, Math.min(length, parts(length))) : 1));
}

/** How many parts `fixedSize` makes, along which axis. */
export interface FixedSizeOptions {
  /** Number of parts. */
  readonly numShards: number;
  /** Default: 0. */
  readonly axis?: number;
}

/** `numShards` parts along an axis, or as many as it has elements. */
export const fixedSize: (options: FixedSizeOptions) => Partitioner = factory(
  'fixedSize',
  ['numShards', 'axis'],
  ({ numShards, axis = 0 }) => {
    checkNumber('numShards', numShards, 'a positive integer');
    return (shape) => along(shape, axis, () => numShards);
  },
);

/** How large parts of `variableAxisSize` may be. */
export interface VariableAxisSizeOptions {
  /** Largest part, in bytes. */
  readonly maxShardBytes: number;
  /** Default: 0. */
  readonly axis?: number;
  /** Default: no limit. */
  readonly maxShards?: number;
}

/** As many parts along an axis as keep each within a number of bytes. */
export const variableAxisSize: (options: VariableAxisSizeOptions) => Partitioner = factory(
  'variableAxisSize',
  ['maxShardBytes', 'axis', 'maxShards'],
  ({ maxShardBytes, axis = 0, maxShards }) => {
    checkNumber('maxShardBytes', maxShardBytes, 'a number above 0');
    if (maxShards !== undefined) checkNumber('maxShards', maxShards, 'a positive integer');
    return (shape) =>
      along(shape, axis, (length) => {
        const bytesPerSlice = (BYTES * sizeOf(shape)) / length;
        const slicesPerPart = Math.max(1, Math.floor(maxShardBytes / bytesPerSlice));
        return Math.min(maxShards ?? Infinity, Math.ceil(length / slicesPerPart));
      });
  },
);

/** How many parts `minMax` may make, and how small. */
export interface MinMaxOptions {
  /** Default: 1. */
  readonly maxPartitions?: number;
  /** Default: 0. */
  readonly axis?: number;
  /** Smallest part, in bytes. Default: 256 KiB. */
  readonly minSliceSize?: number;
}

const minMaxOf = factory<MinMaxOptions>(
  'minMax',
  ['maxPartitions', 'axis', 'minSliceSize'],
  ({ maxPartitions = 1, axis = 0, minSliceSize = 256 << 10 }) => {
    checkNumber('maxPartitions', maxPartitions, 'a positive integer');
    checkNumber('minSliceSize', minSliceSize, 'a number above 0');
    return (shape) =>
      along(shape, axis, () => Math.min(maxPartitions, Math.ceil((BYTES * sizeOf(shape)) / minSliceSize)));
  },
);

/** At most `maxPartitions` parts along an axis, none smaller than a number of bytes. */
export function minMax(options: MinMaxOptions = {}): Partitioner {
  return minMaxOf(options);
}
