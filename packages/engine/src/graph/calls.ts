import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { isLeaf, viewedValue, type Domains } from './domains.js';
import { expressionOf } from './expression-of.js';
import { fuse, type Group } from './fuse.js';
import { topological } from '../define/op/dependence.js';
import type { Expression } from '../define/op/expression.js';

/** A kernel call on nodes; slots come later. */
export interface GraphCall {
  readonly kernel: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly attributes: object;
  readonly scope: string | null;
  readonly stage: number;
  readonly inShards: boolean;
  /** A sum over the batch that is computed once, row by row of the result. */
  readonly isWholeSum: boolean;
  readonly epilogue: GraphEpilogue | null;
}

/** What a call goes on with in its first output. */
export interface GraphEpilogue {
  /** Computed in place; null: nothing. */
  readonly expression: Expression | null;
  /** So many of the call's inputs, the last ones, are the expression's further operands. */
  readonly operands: number;
  /** Whether the call's last output is the sum of the first one over all axes but the last. */
  readonly sums: boolean;
}

/** Turns a lowered graph into kernel calls, each after those that it needs. */
export function callsOf(roots: readonly SymbolicTensor[], domains: Domains): GraphCall[] {
  const order = topological(roots);
  const stages = domains.stagesOf(order);
  const groups = fuse(order, new Set(roots), stages, domains);
  const made = new Map<SymbolicTensor | Group, GraphCall>();
  const calls: GraphCall[] = [];
  const emit = (node: SymbolicTensor): void => {
    const base = viewedValue(node);
    const unit = groups.get(base) ?? base;
    if (isLeaf(base) || made.has(unit)) return;
    const call = groups.has(base) ? groupCall(unit as Group) : nodeCall(base);
    made.set(unit, call);
    call.inputs.forEach(emit);
    calls.push(call);
    if (domains.isPartial(base)) calls.push(treeSum(base, call));
  };
  roots.forEach(emit);
  // In the order in which they run, for lifetimes are counted in calls: stage by stage, first the shards.
  return calls.toSorted((a, b) => a.stage - b.stage || Number(b.inShards) - Number(a.inShards));

  function nodeCall(node: SymbolicTensor): GraphCall {
    const { inputs, attributes, scope } = node;
    return {
      kernel: node.op.name,
      inputs,
      outputs: [node],
      attributes,
      scope,
      stage: stages.get(node) ?? 0,
      inShards: domains.inShards(node),
      isWholeSum: domains.isWholeSum(node),
      epilogue: null,
    };
  }

  function groupCall(group: Group): GraphCall {
    const { operands, expression } = expressionOf(group);
    const last = group.members.at(-1) as SymbolicTensor;
    return {
      kernel: 'elementwise',
      inputs: operands,
      outputs: group.stored,
      attributes: { expression },
      scope: group.members.find((m) => m.scope !== null)?.scope ?? null,
      stage: stages.get(last) ?? 0,
      inShards: group.members.some((member) => domains.inShards(member)),
      isWholeSum: false,
      epilogue: null,
    };
  }
}

/** Adds up a partial over the shards, in place: the sum is where the first shard's part was. */
function treeSum(partial: SymbolicTensor, maker: GraphCall): GraphCall {
  return {
    kernel: 'treeSum',
    inputs: [partial],
    outputs: [partial],
    attributes: {},
    scope: maker.scope,
    stage: maker.stage,
    inShards: false,
    isWholeSum: false,
    epilogue: null,
  };
}
