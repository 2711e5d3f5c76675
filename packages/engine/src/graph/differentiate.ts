import { callRule } from '../define/op/author-rule.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { inPlace, ValueError } from '../errors.js';
import { sameShape, formatShape } from '../define/op/shape.js';
import { add, fill } from '../standard/ops/chain-rule.js';
import { nodeLabel } from './node-label.js';
import { replacementOf } from './replacement.js';
import { rewrite } from './rewrite.js';
import { dependents, topological } from '../define/op/dependence.js';

export interface Differentiated {
  /** The given outputs, ops without a gradient rule replaced by what they lower to. */
  readonly outputs: readonly SymbolicTensor[];
  /** d(outputs[0])/d(wrt[i]), or null where it does not depend on it. */
  readonly gradients: readonly (SymbolicTensor | null)[];
}

/**
 * Reverse-mode differentiation on the graph: gradients are nodes like any others. `outputs[0]` is the scalar that
 * is differentiated; the rest comes along so that it shares nodes with it.
 */
export function differentiate(outputs: readonly SymbolicTensor[], wrt: readonly SymbolicTensor[]): Differentiated {
  const expanded = expandForGradient(outputs, new Set(wrt));
  const target = expanded[0] as SymbolicTensor;
  const order = topological([target]);
  const relevant = dependents(order, new Set(wrt));
  const gradients = new Map<SymbolicTensor, SymbolicTensor>([[target, fill(1, target.shape)]]);
  for (const node of order.toReversed()) {
    const dy = gradients.get(node);
    if (!dy || !relevant.has(node) || node.inputs.length === 0) continue;
    const contributions = gradientsOf(node, dy);
    node.inputs.forEach((input, i) => {
      const contribution = contributions[i];
      if (!contribution || !relevant.has(input)) return;
      labelGradient(contribution, node);
      const sum = gradients.get(input);
      gradients.set(input, sum ? add(sum, contribution) : contribution);
    });
  }
  return { outputs: expanded, gradients: wrt.map((w) => gradients.get(w) ?? null) };
}

/** Ops on the way from `wrt` that have no gradient rule become what they lower to. */
function expandForGradient(outputs: readonly SymbolicTensor[], wrt: ReadonlySet<SymbolicTensor>): SymbolicTensor[] {
  const known = new Map<SymbolicTensor, boolean>();
  const relevant = (node: SymbolicTensor): boolean => {
    let answer = known.get(node);
    if (answer === undefined) {
      answer = wrt.has(node) || node.inputs.some(relevant);
      known.set(node, answer);
    }
    return answer;
  };
  return rewrite(outputs, (node, inputs, within) => {
    const { rules } = node.op;
    if (rules.gradient || !rules.lower || !inputs.some(relevant)) return null;
    return replacementOf(node, 'lower', within, () => rules.lower?.(inputs, node.attributes));
  });
}

/** What the op's rule gives for each input, checked. */
function gradientsOf(node: SymbolicTensor, dy: SymbolicTensor): readonly (SymbolicTensor | null)[] {
  const { inputs, attributes } = node;
  const { rules } = node.op;
  const place = nodeLabel(node);
  if (!rules.gradient) {
    throw new ValueError(
      `${place} has no gradient; give it a 'gradient' or a 'lower' rule, or wrap its input in stopGradient`,
      'NO_GRADIENT',
    );
  }
  const given: unknown = inPlace(place, () =>
    callRule(place, 'gradient', () => rules.gradient?.(dy, inputs, node, attributes)),
  );
  if (!Array.isArray(given) || given.length !== inputs.length) {
    const count = `${inputs.length} ${inputs.length === 1 ? 'input' : 'inputs'}`;
    throw new ValueError(
      `${place}: its 'gradient' rule must return a list with a gradient for each input; ` +
        `for ${count} it returned ${Array.isArray(given) ? `a list of ${given.length}` : describeValue(given)}`,
      'GRADIENT',
    );
  }
  return given.map((value: unknown, i) => checkGradient(`${place}: its gradient for input ${i}`, value, inputs[i]));
}

function checkGradient(what: string, gradient: unknown, input: SymbolicTensor | undefined): SymbolicTensor | null {
  const shape = input?.shape ?? [];
  if (gradient === null) return null;
  if (!(gradient instanceof SymbolicTensor)) {
    throw new ValueError(
      `${what} is ${describeValue(gradient)}; the 'gradient' rule must return a symbolic tensor of shape ` +
        `${formatShape(shape)}, or null where there is none`,
      'GRADIENT',
    );
  }
  if (!sameShape(gradient.shape, shape)) {
    throw new ValueError(
      `${what} has shape ${formatShape(gradient.shape)}, the input has ${formatShape(shape)}; ` +
        `the 'gradient' rule must return one of the same shape`,
      'GRADIENT_SHAPE',
    );
  }
  return gradient;
}

/** What backpropagation through a layer adds carries the layer's name too. */
function labelGradient(gradient: SymbolicTensor, forward: SymbolicTensor): void {
  const open = [gradient];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.scope !== null || node.inboundNode || node.inputs.length === 0) continue;
    node.scope = forward.scope;
    open.push(...node.inputs);
  }
}
