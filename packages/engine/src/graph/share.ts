import { rebuildNode } from '../define/op/apply-op.js';
import { keyOf } from '../define/plugin/json-data.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { topological } from '../define/op/dependence.js';

/** Gives equal computations one node: gradient rules repeat what forward rules already compute. */
export function share(outputs: readonly SymbolicTensor[]): SymbolicTensor[] {
  const kept = new Map<SymbolicTensor, SymbolicTensor>();
  const ids = new Map<SymbolicTensor, number>();
  const byKey = new Map<string, SymbolicTensor>();
  for (const node of topological(outputs)) {
    const inputs = node.inputs.map((input) => kept.get(input) as SymbolicTensor);
    const operands = inputs.map((input) => ids.get(input)).join(',');
    // A variable is itself, whatever its name; a random op has a key of its own among its attributes.
    const key = node.variable ? `#${ids.size}` : `${node.op.name}(${operands})${keyOf(node.attributes)}`;
    let twin = byKey.get(key);
    if (!twin) {
      twin = node.inputs.every((input, i) => input === inputs[i]) ? node : rebuildNode(node, inputs);
      byKey.set(key, twin);
      ids.set(twin, ids.size);
    }
    kept.set(node, twin);
  }
  return outputs.map((output) => kept.get(output) as SymbolicTensor);
}
