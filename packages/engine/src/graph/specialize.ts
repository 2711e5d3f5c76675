import { rebuildNode } from '../define/apply-op.js';
import type { SymbolicTensor } from '../define/symbolic-tensor.js';
import { deriveKey } from '../random/random-source.js';
import { rewrite } from './rewrite.js';

export interface Purpose {
  readonly training: boolean;
  /** Seed of the engine. */
  readonly seed: number;
}

/** Settles what depends on the program: which side of `whenTraining` runs, and the keys of random ops. */
export function specialize(outputs: readonly SymbolicTensor[], purpose: Purpose): SymbolicTensor[] {
  const chosen = rewrite(outputs, (node, inputs) => node.op.rules.resolve?.(inputs, purpose) ?? null);
  const keyed = new Set<SymbolicTensor>();
  return rewrite(chosen, (node, inputs) => {
    if (!node.op.rules.random || keyed.has(node)) return null;
    const key = deriveKey(purpose.seed, `${node.op.name}/${node.scope ?? ''}/${keyed.size}`);
    const made = rebuildNode(node, inputs, { ...node.attributes, key });
    keyed.add(made);
    return made;
  });
}
