import { ValueError } from '../../errors.js';
import { describeValue } from '../plugin/describe-value.js';
import type { OpDefinition } from './op.js';
import type { Graph } from './graph.js';
import type { Layer } from '../layer/layer.js';
import type { Variable } from '../variable/variable.js';
import { formatShape, isLengths, sizeOf, type DType } from './shape.js';

/** Values of a tensor; its dtype is that of the array. */
export type TensorValues = Float32Array | Int32Array;

/**
 * What a user gave as values: an Int32Array as it is, all else as float32.
 *
 * @throws ValueError for what is no flat list of numbers
 */
export function tensorValues(given: ArrayLike<number>): TensorValues {
  const values: unknown = given;
  if (values instanceof Float32Array || values instanceof Int32Array) return values;
  const isTyped = ArrayBuffer.isView(values) && !(values instanceof DataView);
  const bad = Array.isArray(values) ? values.findIndex((value) => typeof value !== 'number') : -1;
  if ((!isTyped && !Array.isArray(values)) || bad >= 0) {
    throw new ValueError(
      `tensor: values must be a typed array or a flat list of numbers, with the shape beside it, got ` +
        (bad >= 0 ? `${describeValue(given[bad])} at ${bad}` : describeValue(values)),
      'VALUES',
    );
  }
  return Float32Array.from(given);
}

/** Computes ops on concrete tensors: the engine. */
export interface EagerRunner {
  readonly graph: Graph;
  runOp(op: OpDefinition, operands: readonly (Tensor | Variable | number)[], attributes: object): Tensor;
  runLayer(layer: Layer, inputs: readonly Tensor[], options: Readonly<Record<string, unknown>>): Tensor;
}

/** A concrete array: values in C order and their shape. Freed by the garbage collector like any array. */
export class Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** @internal */
  readonly runner: EagerRunner;
  readonly #values: TensorValues;

  /** @internal */
  constructor(values: TensorValues, shape: readonly number[], runner: EagerRunner) {
    if (!isLengths(shape, 0)) {
      throw new ValueError(`tensor: shape must list lengths, integers >= 0, got ${describeValue(shape)}`, 'SHAPE');
    }
    if (sizeOf(shape) !== values.length) {
      throw new ValueError(
        `tensor: shape ${formatShape(shape)} holds ${sizeOf(shape)} values, got ${values.length}`,
        'SHAPE_MISMATCH',
      );
    }
    this.#values = values;
    this.shape = Object.freeze([...shape]);
    this.dtype = values instanceof Int32Array ? 'int32' : 'float32';
    this.runner = runner;
  }

  /** Number of values. */
  get size(): number {
    return this.#values.length;
  }

  /** Number of axes; 0 of a scalar. */
  get rank(): number {
    return this.shape.length;
  }

  /** The values themselves and no copy, in C order. Works on every backend. */
  async data(): Promise<TensorValues> {
    return this.#values;
  }

  /** The same as `data`, at once; CPU backends only. */
  dataSync(): TensorValues {
    return this.#values;
  }
}
