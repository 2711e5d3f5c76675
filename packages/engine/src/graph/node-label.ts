import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';

/** A node in messages: "op 'fold' of layer 'odd' (plugin 'origami')". */
export function nodeLabel({ op, scope }: SymbolicTensor): string {
  const plugin = op.home?.plugin;
  return `op '${op.name}'${scope === null ? '' : ` of layer '${scope}'`}${plugin ? ` (plugin '${plugin.name}')` : ''}`;
}
