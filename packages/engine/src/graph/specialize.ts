import { rebuildNode } from '../define/op/apply-op.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { deriveKey } from '../random/random-source.js';
import { replacementOf } from './replacement.js';
import { rewrite } from './rewrite.js';

export interface Purpose {
  readonly training: boolean;
  /** Seed of the engine. */
  readonly seed: number;
}

/** Settles what depends on the program: which side of `whenTraining` runs, and the keys of random ops. */
export function specialize(outputs: readonly SymbolicTensor[], purpose: Purpose): SymbolicTensor[] {
  const chosen = rewrite(outputs, (node, inputs, within) => {
    const { rules } = node.op;
    return rules.resolve ? replacementOf(node, 'resolve', within, () => rules.resolve?.(inputs, purpose)) : null;
  });
  const keyed = new Set<SymbolicTensor>();
  return rewrite(chosen, (node, inputs) => {
    if (!node.op.rules.random || keyed.has(node)) return null;
    // By its place in the model, not by its layer's name, which is another one after saving and loading.
    const key = deriveKey(purpose.seed, `${node.op.name}/${keyed.size}`);
    const made = rebuildNode(node, inputs, { ...node.attributes, key });
    keyed.add(made);
    return made;
  });
}
