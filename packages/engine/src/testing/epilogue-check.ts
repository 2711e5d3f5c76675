import { isBatched } from '../define/op/shape.js';
import { ValueError } from '../errors.js';
import type { KernelSet } from '../graph/compile-program.js';
import { mul, tanh } from '../standard/ops/arithmetic.js';
import { add, reduceSum } from '../standard/ops/chain-rule.js';
import { caseGraph } from './case-graph.js';
import { evaluationOf, type Workbench } from './evaluate.js';
import type { OpCase } from './op-case.js';

/** A kernel that takes an epilogue leaves the bits that the kernels `elementwise` and `reduceSum` would have made of its result. */
export function epilogueCheck(opCase: OpCase, tested: Workbench): void {
  const { op, output, inputs, values, batch } = caseGraph(opCase);
  const takes = tested.kernels.has(op.name) && tested.kernels.kernel(op.name).takesEpilogue === true;
  if (!takes || !isBatched(output.shape)) return;
  // An operand of each kind: of the result's shape where there is one, else a number.
  const other = inputs.find((x) => x.shape.join() === output.shape.join() && x.dtype === 'float32');
  const followed = tanh(add(mul(output, 0.7), other ?? 0.1));
  const axes = output.shape.slice(1).map((_, axis) => axis);
  const follows = { 'what follows elementwise': followed, 'its sum by the last axis': reduceSum(followed, { axes }) };
  for (const [what, follower] of Object.entries(follows)) {
    const [fused, apart] = [tested, { ...tested, kernels: withoutEpilogues(tested.kernels) }].map(
      (bench) => evaluationOf(bench, [follower], batch)(values)[0],
    );
    const differing = fused?.findIndex((value, i) => !Object.is(value, apart?.[i])) ?? 0;
    if (differing < 0) continue;
    throw new ValueError(
      `${opCase.name}: element ${differing} of ${what} is ${fused?.[differing]} as an epilogue and ` +
        `${apart?.[differing]} as a call of its own; they must be the same bits`,
      'CONFORMANCE',
    );
  }
}

function withoutEpilogues(kernels: KernelSet): KernelSet {
  return {
    backend: kernels.backend,
    has: (name) => kernels.has(name),
    kernel: (name) => ({ ...kernels.kernel(name), takesEpilogue: false }),
  };
}
