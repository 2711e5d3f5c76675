import { sameShape } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { isInlineScalar, isLeaf, type Domains } from './domains.js';
import { usersOf } from '../define/op/dependence.js';

/** Elementwise nodes that become one kernel call. */
export interface Group {
  /** In topological order. */
  readonly members: SymbolicTensor[];
  /** Members that somebody outside the group uses. */
  readonly stored: SymbolicTensor[];
}

/**
 * Groups elementwise nodes of one shape, dtype, domain and stage, from the outputs back: a node joins its users' groups,
 * which become one, so that all that is made of it in one pass over its elements is. Groups are joined only where no
 * path leads from one through somebody outside to the other: a call can't wait for what its own result is needed for.
 */
export function fuse(
  order: readonly SymbolicTensor[],
  outputs: ReadonlySet<SymbolicTensor>,
  stages: ReadonlyMap<SymbolicTensor, number>,
  domains: Domains,
): Map<SymbolicTensor, Group> {
  const users = usersOf(order);
  const groups = new Map<SymbolicTensor, Set<SymbolicTensor>>();
  for (const node of order.toReversed()) {
    if (!node.op.rules.elementwise || isLeaf(node)) continue;
    const inline = isInlineScalar(node) && usersOfNode(node).every((user) => user.op.rules.elementwise);
    if (inline && !outputs.has(node)) continue;
    groups.set(node, new Set([node]));
    for (const user of usersOfNode(node)) if (groups.has(user) && compatible(node, user)) join(node, user);
  }
  return withStored();

  function usersOfNode(node: SymbolicTensor): readonly SymbolicTensor[] {
    return users.get(node) ?? [];
  }

  function compatible(node: SymbolicTensor, user: SymbolicTensor): boolean {
    return (
      sameShape(node.shape, user.shape) &&
      // An expression computes in float32, which would not keep integers that are only passed on.
      node.dtype === user.dtype &&
      domains.inShards(node) === domains.inShards(user) &&
      stages.get(node) === stages.get(user)
    );
  }

  function join(a: SymbolicTensor, b: SymbolicTensor): void {
    const [from, to] = [groups.get(a), groups.get(b)] as [Set<SymbolicTensor>, Set<SymbolicTensor>];
    if (from === to || leadsAround(from, to) || leadsAround(to, from)) return;
    for (const member of from) {
      to.add(member);
      groups.set(member, to);
    }
  }

  /** Whether a path leads from one group through other calls to the other group. */
  function leadsAround(from: ReadonlySet<SymbolicTensor>, to: ReadonlySet<SymbolicTensor>): boolean {
    const outside = (node: SymbolicTensor): boolean => !from.has(node) && !to.has(node);
    const open = [...from].flatMap((node) => usersOfNode(node).filter(outside));
    const seen = new Set<SymbolicTensor>();
    for (let node = open.pop(); node; node = open.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (to.has(node)) return true;
      // A fused call is done as a whole: whoever needs one of its results waits for all that it needs.
      open.push(...usersOfNode(node), ...(groups.get(node) ?? []));
    }
    return false;
  }

  function withStored(): Map<SymbolicTensor, Group> {
    const done = new Map<ReadonlySet<SymbolicTensor>, Group>();
    const result = new Map<SymbolicTensor, Group>();
    for (const node of order) {
      const set = groups.get(node);
      if (!set) continue;
      const group = done.get(set) ?? { members: [], stored: [] };
      done.set(set, group);
      group.members.push(node);
      if (outputs.has(node) || usersOfNode(node).some((user) => !set.has(user))) group.stored.push(node);
      result.set(node, group);
    }
    return result;
  }
}
