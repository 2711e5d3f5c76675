/** What kernels make of an operand once, before the shards that use it. */
import { addNode } from '../define/op/apply-op.js';
import { defineOp, type Op } from '../define/op/op.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { checkedElements, plannedCall, type ChosenCall } from './ask-kernels.js';
import { compareCalls, type GraphCall } from './calls.js';
import type { KernelSet } from './compile-program.js';
import type { Domains } from './domains.js';
import { askKernel } from './kernel-failure.js';

const preparedOp: Op<[operand: SymbolicTensor], { elements: number }> = defineOp<
  [operand: SymbolicTensor],
  { elements: number }
>('prepared', { shape: (_, { elements }) => [elements] });

/**
 * Puts a call before each that wants an operand prepared (`Kernel.prepares`), and gives it what that makes as one more input. One shard makes it
 * for itself.
 */
export function withPrepared(
  chosen: readonly ChosenCall[],
  domains: Domains,
  source: { readonly batchSize: number; readonly shardSize: number; readonly shards: number },
  kernels: KernelSet,
): ChosenCall[] {
  if (source.shards === 1) return [...chosen];
  const calls = chosen.map(({ call }) => call);
  const preparing: ChosenCall[] = [];
  const prepared = chosen.map((each, index): ChosenCall => {
    const { call, choices } = each;
    const { prepares } = kernels.kernel(call.kernel);
    const operand = prepares && call.inputs[prepares.operand];
    if (!operand || !call.inShards || domains.inShards(operand)) return each;
    const elements = askKernel({ calls }, index, 'while it says what is to be prepared', () =>
      checkedElements('prepares.elements', prepares.elements(plannedCall(each, source))),
    );
    if (elements === 0) return each;
    const node = addNode(preparedOp, [operand], { elements });
    preparing.push({ call: callThatPrepares(each, prepares.by, operand, node), choices: {} });
    const own = call.inputs.length - (call.epilogue?.operands ?? 0);
    return { call: { ...call, inputs: call.inputs.toSpliced(own, 0, node) }, choices };
  });
  return [...prepared, ...preparing].toSorted(({ call: a }, { call: b }) => compareCalls(a, b));
}

/** Done once before the shards of the call's stage, and after what is made once before them. */
function callThatPrepares(
  { call, choices }: ChosenCall,
  kernel: string,
  operand: SymbolicTensor,
  node: SymbolicTensor,
): GraphCall {
  return {
    kernel,
    inputs: [operand],
    outputs: [node],
    attributes: { ...choices, ...call.attributes },
    scope: call.scope,
    stage: call.stage - 1,
    inShards: false,
    isWholeSum: false,
    epilogue: null,
  };
}
