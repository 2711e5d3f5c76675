import type { SymbolicTensor } from './symbolic-tensor.js';

/**
 * All nodes that the outputs need, inputs before users; the order depends on the graph alone. Nodes in `known`, and
 * what only they need, are left out.
 */
export function topological(
  outputs: readonly SymbolicTensor[],
  known?: { has(node: SymbolicTensor): boolean },
): SymbolicTensor[] {
  const order: SymbolicTensor[] = [];
  const seen = new Set<SymbolicTensor>();
  const open: { node: SymbolicTensor; next: number }[] = [];
  for (const output of outputs) {
    open.push({ node: output, next: 0 });
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const input = seen.has(top.node) || known?.has(top.node) ? undefined : top.node.inputs[top.next++];
      if (input) {
        open.push({ node: input, next: 0 });
        continue;
      }
      open.pop();
      if (seen.has(top.node) || known?.has(top.node)) continue;
      seen.add(top.node);
      order.push(top.node);
    }
  }
  return order;
}

/** Nodes of `order` that need any of `sources`. */
export function dependents(
  order: readonly SymbolicTensor[],
  sources: ReadonlySet<SymbolicTensor>,
): Set<SymbolicTensor> {
  const found = new Set<SymbolicTensor>();
  for (const node of order) {
    if (sources.has(node) || node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}

/** Each node's direct users, in topological order. */
export function usersOf(order: readonly SymbolicTensor[]): Map<SymbolicTensor, SymbolicTensor[]> {
  const users = new Map<SymbolicTensor, SymbolicTensor[]>(order.map((node) => [node, []]));
  for (const node of order) for (const input of new Set(node.inputs)) users.get(input)?.push(node);
  return users;
}
