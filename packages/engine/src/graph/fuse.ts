import { sameShape } from '../define/shape.js';
import type { SymbolicTensor } from '../define/symbolic-tensor.js';
import { inShards, isInlineScalar, isLeaf } from './domains.js';
import { usersOf } from './topological.js';

/** Elementwise nodes that become one kernel call. */
export interface Group {
  /** In topological order. */
  readonly members: SymbolicTensor[];
  /** Members that somebody outside the group uses. */
  readonly stored: SymbolicTensor[];
}

/**
 * Groups elementwise nodes of one shape, domain and stage. A node joins the group of one of its users when no other
 * user leads back into that group (else the group would need its own result before it is done).
 */
export function fuse(
  order: readonly SymbolicTensor[],
  outputs: ReadonlySet<SymbolicTensor>,
  stages: ReadonlyMap<SymbolicTensor, number>,
): Map<SymbolicTensor, Group> {
  const users = usersOf(order);
  const groups = new Map<SymbolicTensor, Group>();
  for (const node of order.toReversed()) {
    if (!node.op.rules.elementwise || isLeaf(node)) continue;
    const needed = users.get(node) ?? [];
    const inline = isInlineScalar(node) && needed.every((user) => user.op.rules.elementwise);
    if (inline && !outputs.has(node)) continue;
    const group = hostGroup(node) ?? { members: [], stored: [] };
    group.members.unshift(node);
    if (outputs.has(node) || needed.some((user) => groups.get(user) !== group)) group.stored.unshift(node);
    groups.set(node, group);
  }
  return groups;

  function hostGroup(node: SymbolicTensor): Group | null {
    const needed = users.get(node) ?? [];
    for (const user of needed) {
      const group = groups.get(user);
      if (!group || !compatible(node, user)) continue;
      const outside = needed.filter((other) => groups.get(other) !== group);
      if (!leadsInto(outside, group)) return group;
    }
    return null;
  }

  function compatible(node: SymbolicTensor, user: SymbolicTensor): boolean {
    return (
      sameShape(node.shape, user.shape) && inShards(node) === inShards(user) && stages.get(node) === stages.get(user)
    );
  }

  function leadsInto(from: readonly SymbolicTensor[], group: Group): boolean {
    const open = [...from];
    const seen = new Set<SymbolicTensor>();
    for (let node = open.pop(); node; node = open.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (groups.get(node) === group) return true;
      open.push(...(users.get(node) ?? []));
    }
    return false;
  }
}
