import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { ValueError } from '../errors.js';
import { nodeLabel } from './node-label.js';
import { replacementOf } from './replacement.js';
import { rewrite } from './rewrite.js';
import { onFloats } from './to-float.js';

/** Which kernels a program may use, and whose they are. */
export interface KernelNames {
  readonly backend: string;
  has(name: string): boolean;
}

/**
 * Replaces every op that the backend has no kernel for by what it lowers to, and gives kernels float32: integers are converted before them.
 * Expressions read both.
 */
export function lower(outputs: readonly SymbolicTensor[], kernels: KernelNames): SymbolicTensor[] {
  return rewrite(outputs, (node, inputs, within) => {
    const { rules, name } = node.op;
    if (rules.leaf || rules.view || rules.runScalar || rules.elementwise) return null;
    if (kernels.has(name)) return onFloats(node, inputs);
    if (rules.lower) return replacementOf(node, 'lower', within, () => rules.lower?.(inputs, node.attributes));
    throw new ValueError(
      `${nodeLabel(node)}: backend '${kernels.backend}' has no kernel for it and it has no 'lower' rule; ` +
        `use a backend that has one, or give its plugin 'kernels'`,
      'NO_KERNEL',
    );
  });
}
