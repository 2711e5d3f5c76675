import type { Expression, ExpressionStep } from '../define/op/expression.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { isInlineScalar, uniformValue } from './domains.js';
import type { Group } from './fuse.js';

export interface GroupCall {
  readonly operands: readonly SymbolicTensor[];
  readonly expression: Expression;
}

/** Prints a group as one expression; scalars made of leaves are computed inside it. */
export function expressionOf(group: Group): GroupCall {
  const inside = new Set<SymbolicTensor>(group.members);
  const operands: SymbolicTensor[] = [];
  const computed: SymbolicTensor[] = [];
  const seen = new Set<SymbolicTensor>();
  const visit = (node: SymbolicTensor): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const inline = uniformValue(node) !== null || (isInlineScalar(node) && node.variable === null);
    if (!inside.has(node) && !inline) {
      operands.push(node);
      return;
    }
    if (uniformValue(node) === null) node.inputs.forEach(visit);
    computed.push(node);
  };
  group.members.forEach(visit);
  const number = new Map([...operands, ...computed].map((node, i) => [node, i]));
  const numberOf = (node: SymbolicTensor): number => number.get(node) as number;
  const steps = computed.map((node): ExpressionStep => {
    const value = uniformValue(node);
    if (value !== null) return ['constant', value];
    const { elementwise, runScalar } = node.op.rules;
    if (runScalar) return [runScalar];
    if (!elementwise) throw new TypeError(`op '${node.op.name}' is not elementwise`);
    return [elementwise, ...node.inputs.map(numberOf)];
  });
  return { operands, expression: { steps, outputs: group.stored.map(numberOf) } };
}
