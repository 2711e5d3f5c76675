import type { SymbolicTensor } from '../define/symbolic-tensor.js';
import { ValueError } from '../errors.js';
import { rewrite } from './rewrite.js';

/** Which kernels a program may use, and whose they are. */
export interface KernelNames {
  readonly backend: string;
  has(name: string): boolean;
}

/** Replaces every op that the backend has no kernel for by what it lowers to. */
export function lower(outputs: readonly SymbolicTensor[], kernels: KernelNames): SymbolicTensor[] {
  return rewrite(outputs, (node, inputs) => {
    const { rules, name } = node.op;
    if (rules.leaf || rules.view || rules.runScalar || rules.elementwise || kernels.has(name)) return null;
    if (rules.lower) return rules.lower(inputs, node.attributes);
    throw new ValueError(
      `op '${name}'${node.scope ? ` of layer '${node.scope}'` : ''}: backend '${kernels.backend}' has no kernel for ` +
        `it and it has no 'lower' rule; use a backend that has one, or give its plugin 'kernels'`,
      'NO_KERNEL',
    );
  });
}
