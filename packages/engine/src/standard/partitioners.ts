/** TensorFlow's partitioners. Byte sizes count 4 bytes an element. */
import type { Partitioner } from '../define/partitioner.js';
import { sizeOf } from '../define/shape.js';
import { ValueError } from '../errors.js';

const BYTES = 4;

function positive(where: string, name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ValueError(`${where}: ${name} must be above 0. Received: ${String(value)}`, 'OPTION');
}

/** Negative axes count from the end. */
function along(where: string, shape: readonly number[], axis: number, parts: (length: number) => number): number[] {
  const resolved = axis < 0 ? axis + shape.length : axis;
  const length = shape[resolved];
  if (length === undefined) {
    throw new ValueError(
      `${where}: Cannot partition along axis ${axis} when shape is only [${shape.join(', ')}]; -1 is the last axis of any`,
      'AXIS',
    );
  }
  return shape.map((_, i) => (i === resolved ? Math.max(1, Math.min(length, parts(length))) : 1));
}

/** `numShards` parts along an axis, or as many as it has elements. */
export function fixedSize(options: { readonly numShards: number; readonly axis?: number }): Partitioner {
  const { axis = 0 } = options;
  const parts = positive('fixedSize', 'numShards', options.numShards);
  return (shape) => along('fixedSize', shape, axis, () => parts);
}

export interface VariableAxisSizeOptions {
  /** Largest part, in bytes. */
  readonly maxShardBytes: number;
  /** Default: 0. */
  readonly axis?: number;
  /** Default: no limit. */
  readonly maxShards?: number;
}

/** As many parts along an axis as keep each within a number of bytes. */
export function variableAxisSize(options: VariableAxisSizeOptions): Partitioner {
  const { axis = 0, maxShards = Infinity } = options;
  const most = positive('variableAxisSize', 'maxShardBytes', options.maxShardBytes);
  if (maxShards !== Infinity) positive('variableAxisSize', 'maxShards', maxShards);
  return (shape) =>
    along('variableAxisSize', shape, axis, (length) => {
      const bytesPerSlice = (BYTES * sizeOf(shape)) / length;
      const slicesPerPart = Math.max(1, Math.floor(most / bytesPerSlice));
      return Math.min(maxShards, Math.ceil(length / slicesPerPart));
    });
}

export interface MinMaxOptions {
  /** Default: 1. */
  readonly maxPartitions?: number;
  /** Default: 0. */
  readonly axis?: number;
  /** Smallest part, in bytes. Default: 256 KiB. */
  readonly minSliceSize?: number;
}

/** At most `maxPartitions` parts along an axis, none smaller than a number of bytes. */
export function minMax(options: MinMaxOptions = {}): Partitioner {
  const { axis = 0 } = options;
  const most = positive('minMax', 'maxPartitions', options.maxPartitions ?? 1);
  const least = positive('minMax', 'minSliceSize', options.minSliceSize ?? 256 << 10);
  return (shape) => along('minMax', shape, axis, () => Math.min(most, Math.ceil((BYTES * sizeOf(shape)) / least)));
}
