import type { Shape } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';

/** How the values of an input are made. */
export type MadeValues =
  /** Uniform in [low, high). */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** All different, at least 1 / size apart, in [−1, 1): no maximum is a tie. */
  | { readonly kind: 'distinct' }
  /** Integers in 0 … below − 1, as labels. */
  | { readonly kind: 'labels'; readonly below: number };

/** Shape and values of one input of an op. */
export interface CaseInput {
  /** `null` first: the batch, which the suite cuts into shards. */
  readonly shape: Shape;
  /** Default: uniform in [−1, 1). */
  readonly values?: MadeValues;
}

/** One op at one set of shapes and attributes. */
export interface OpCase {
  /** Reads well in a list: `conv2d x[batch,5,7,3] f[3,3,3,4] strides 2`. */
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  /** The op applied to such inputs: the last op in it is the one that is proved. */
  readonly build: (...inputs: SymbolicTensor[]) => SymbolicTensor;
  /** Inputs whose gradients are checked. Default: all but labels. */
  readonly gradientsOf?: readonly number[];
}
