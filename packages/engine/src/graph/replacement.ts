import { callRule } from '../define/op/author-rule.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { formatShape, sameShape } from '../define/op/shape.js';
import { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { inPlace, ValueError } from '../errors.js';
import { nodeLabel } from './node-label.js';

/** An op may lead to itself in a simpler case; this often, it leads nowhere. */
const MOST_RETURNS = 100;

/**
 * What a rule of an op puts in a node's place, checked.
 *
 * @param within nodes that are being replaced, outermost first
 * @throws ValueError when it is not of the node's shape, or when the rules of some ops lead back to each other for ever
 */
export function replacementOf(
  node: SymbolicTensor,
  rule: 'lower' | 'resolve',
  within: readonly SymbolicTensor[],
  call: () => unknown,
): SymbolicTensor {
  const place = nodeLabel(node);
  const returns = within.filter(({ op }) => op === node.op).length;
  if (returns >= MOST_RETURNS) {
    const circle = within.slice(within.findLastIndex(({ op }) => op === node.op));
    throw new ValueError(
      `${place}: its '${rule}' rule leads back to the op itself without end: ` +
        [...circle, node].map(({ op }) => op.name).join(' → '),
      'RULE',
    );
  }
  const made = inPlace(place, () => callRule(place, rule, call));
  if (!(made instanceof SymbolicTensor)) {
    throw new ValueError(
      `${place}: its '${rule}' rule must return a symbolic tensor, got ${describeValue(made)}`,
      'RULE',
    );
  }
  if (!sameShape(made.shape, node.shape)) {
    throw new ValueError(
      `${place}: its '${rule}' rule must return a tensor of the op's shape ${formatShape(node.shape)}, ` +
        `got ${formatShape(made.shape)}`,
      'SHAPE_MISMATCH',
    );
  }
  return made;
}
