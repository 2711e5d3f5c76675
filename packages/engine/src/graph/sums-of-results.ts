/** Sums over all axes but the last that the call makes which makes what they are of: the gradient of a bias. */
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { isBatched } from '../define/op/shape.js';
import { reduceSum, type ReduceAttributes } from '../standard/ops/chain-rule.js';
import type { GraphCall } from './calls.js';
import type { KernelSet } from './compile-program.js';

/** Merges each such sum over the batch into the call before it, where the kernel takes an epilogue. The value itself stays for others. */
export function withSums(calls: readonly GraphCall[], kernels: KernelSet): GraphCall[] {
  const makers = new Map(calls.flatMap((call) => call.outputs.map((output) => [output, call] as const)));
  const sums = new Map<GraphCall, GraphCall>();
  for (const call of calls) {
    const summed = summedByLastAxis(call);
    const maker = summed && makers.get(summed);
    if (maker && !sums.has(maker) && canSum(maker, call)) sums.set(maker, call);
  }
  const done = new Set(sums.values());
  return calls.flatMap((call) => {
    if (done.has(call)) return [];
    const sum = sums.get(call);
    return [sum ? merge(call, sum) : call];
  });

  function canSum(maker: GraphCall, { stage }: GraphCall): boolean {
    const takes = kernels.kernel(maker.kernel).takesEpilogue === true;
    return takes && maker.outputs.length === 1 && maker.stage === stage && maker.inShards;
  }
}

/** The x of y[c] = Σ x[…][c] over a batch of float32, shard by shard. */
function summedByLastAxis({ kernel, inputs: [x], attributes, inShards }: GraphCall): SymbolicTensor | null {
  if (kernel !== reduceSum.name || !x || !inShards || x.rank < 2 || x.dtype !== 'float32' || !isBatched(x.shape))
    return null;
  const { axes } = attributes as ReduceAttributes;
  return axes.length === x.rank - 1 && !axes.includes(x.rank - 1) ? x : null;
}

function merge(maker: GraphCall, sum: GraphCall): GraphCall {
  const { expression, operands } = maker.epilogue ?? { expression: null, operands: 0 };
  return { ...maker, outputs: [...maker.outputs, ...sum.outputs], epilogue: { expression, operands, sums: true } };
}
