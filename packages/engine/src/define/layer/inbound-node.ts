import type { Layer } from './layer.js';
import type { SymbolicTensor } from '../op/symbolic-tensor.js';

/** One call of a layer on symbolic tensors. */
export interface InboundNode {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** What the call was given besides its inputs; plain data. */
  readonly kwargs: Readonly<Record<string, unknown>>;
}
