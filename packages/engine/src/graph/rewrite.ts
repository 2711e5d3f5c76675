import { rebuildNode } from '../define/op/apply-op.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { topological } from '../define/op/dependence.js';

/**
 * A replacement for a node whose inputs are already rewritten, or null to keep it. `within` are the nodes whose
 * replacements the node is part of, outermost first.
 */
export type Rule = (
  node: SymbolicTensor,
  inputs: readonly SymbolicTensor[],
  within: readonly SymbolicTensor[],
) => SymbolicTensor | null;

/**
 * Rebuilds a graph from the leaves up. What a rule returns is rewritten in turn, so a rule may answer with nodes
 * that it would itself replace.
 */
export function rewrite(outputs: readonly SymbolicTensor[], rule: Rule): SymbolicTensor[] {
  const done = new Map<SymbolicTensor, SymbolicTensor>();
  const within: SymbolicTensor[] = [];
  const finish = (node: SymbolicTensor, result: SymbolicTensor): void => {
    done.set(node, result);
    done.set(result, result);
  };
  const visit = (roots: readonly SymbolicTensor[]): void => {
    for (const node of topological(roots, done)) {
      const inputs = node.inputs.map((input) => done.get(input) as SymbolicTensor);
      const replacement = rule(node, inputs, within);
      if (replacement === null) {
        const same = node.inputs.every((input, i) => input === inputs[i]);
        finish(node, same ? node : rebuildNode(node, inputs));
      } else {
        for (const made of topological([replacement], done)) made.scope ??= node.scope;
        within.push(node);
        visit([replacement]);
        within.pop();
        finish(node, done.get(replacement) as SymbolicTensor);
      }
    }
  };
  visit(outputs);
  return outputs.map((output) => done.get(output) as SymbolicTensor);
}
