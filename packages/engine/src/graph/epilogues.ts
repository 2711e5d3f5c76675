/** Elementwise calls that become the end of the call before them: bias and activation of a convolution, the mask of a gradient. */
import type { ElementwiseAttributes, Expression, ExpressionStep } from '../define/op/expression.js';
import { isBatched, sameShape } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { GraphCall } from './calls.js';
import type { KernelSet } from './compile-program.js';
import { viewedValue } from './domains.js';

/**
 * Merges each elementwise call into the call that makes one of its operands, where nobody else uses that operand, it has the shape of the
 * one result, is computed shard by shard in the same stage, and the kernel takes an epilogue. Of several such calls the latest one
 * does it, so that no other is delayed. The merged call stands where the elementwise one stood.
 *
 * @param roots - what the program is asked for: somebody uses them
 */
export function withEpilogues(
  calls: readonly GraphCall[],
  roots: readonly SymbolicTensor[],
  kernels: KernelSet,
): GraphCall[] {
  const makers = new Map(calls.flatMap((call) => call.outputs.map((output) => [output, call] as const)));
  const uses = usesOf(calls, roots);
  const merged = new Map<GraphCall, GraphCall>();
  const done = new Set<GraphCall>();
  for (const call of calls) {
    const operand = call.inputs.findLast((x) => canEnd(x, call));
    const maker = operand && makers.get(operand);
    if (!maker) continue;
    merged.set(call, merge(maker, call, operand));
    done.add(maker);
  }
  return calls.filter((call) => !done.has(call)).map((call) => merged.get(call) ?? call);

  function canEnd(operand: SymbolicTensor, call: GraphCall): boolean {
    const [output] = call.outputs;
    const maker = makers.get(operand);
    if (call.kernel !== 'elementwise' || call.outputs.length !== 1 || !output || !maker) return false;
    return (
      kernels.kernel(maker.kernel).takesEpilogue === true &&
      maker.outputs.length === 1 &&
      maker.stage === call.stage &&
      isBatched(operand.shape) &&
      sameShape(operand.shape, output.shape) &&
      operand.dtype === output.dtype &&
      uses.get(operand) === 1
    );
  }
}

/** How often each value's memory is read, by calls and from outside. */
function usesOf(calls: readonly GraphCall[], roots: readonly SymbolicTensor[]): Map<SymbolicTensor, number> {
  const uses = new Map<SymbolicTensor, number>();
  for (const node of [...calls.flatMap((call) => call.inputs), ...roots].map(viewedValue)) {
    uses.set(node, (uses.get(node) ?? 0) + 1);
  }
  return uses;
}

function merge(maker: GraphCall, elementwise: GraphCall, operand: SymbolicTensor): GraphCall {
  const others = elementwise.inputs.filter((x) => x !== operand);
  const { expression } = elementwise.attributes as ElementwiseAttributes;
  const order = elementwise.inputs.map((x) => (x === operand ? 0 : 1 + others.indexOf(x)));
  return {
    ...maker,
    inputs: [...maker.inputs, ...others],
    outputs: elementwise.outputs,
    scope: maker.scope ?? elementwise.scope,
    epilogue: isCopy(expression)
      ? null
      : { expression: renumbered(expression, order), operands: others.length, sums: false },
  };
}

/** It passes its operand on: whoever makes that may write it in its place. */
function isCopy({ steps }: Expression): boolean {
  return steps.every(([name]) => name === 'identity');
}

/** The same expression with operand i as number `order[i]`; steps keep their numbers. */
function renumbered({ steps, outputs }: Expression, order: readonly number[]): Expression {
  const number = (n: number): number => order[n] ?? n;
  return {
    steps: steps.map((step) =>
      step[0] === 'constant' ? step : ([step[0], ...(step.slice(1) as number[]).map(number)] as ExpressionStep),
    ),
    outputs: outputs.map(number),
  };
}
