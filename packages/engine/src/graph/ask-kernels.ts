/** What kernels are asked when a program is made: how they compute a call, and how much scratch they need for it. */
import type { Kernel, PlannedCall, View } from '../define/op/kernel.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { isBatched } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { GraphCall } from './calls.js';
import type { KernelSet } from './compile-program.js';
import { askKernel } from './kernel-failure.js';
import { splitOperands } from './split-operands.js';

/** Examples that there is room for. */
interface Room {
  readonly batchSize: number;
  readonly shardSize: number;
}

/** A call, and what its kernel has chosen for it. */
export interface ChosenCall {
  readonly call: GraphCall;
  readonly choices: object;
}

/** @throws RuntimeError naming the call for what its kernel throws */
export function chosenCalls(calls: readonly GraphCall[], room: Room, kernels: KernelSet): ChosenCall[] {
  return calls.map((call, index) => {
    const planned = plannedCall({ call, choices: {} }, room);
    const choices = askKernel({ calls }, index, 'while it chooses how to compute', () =>
      choicesOf(kernels.kernel(call.kernel), planned),
    );
    return { call, choices };
  });
}

/** Elements of scratch of each call. @throws RuntimeError naming the call for what its kernel throws */
export function scratchOfCalls(chosen: readonly ChosenCall[], room: Room, kernels: KernelSet): number[] {
  const calls = chosen.map(({ call }) => call);
  return chosen.map((each, index) =>
    askKernel({ calls }, index, 'while it says how much scratch it needs', () =>
      scratchOf(kernels.kernel(each.call.kernel), plannedCall(each, room)),
    ),
  );
}

/** A call as its kernel is asked about it: operands without their data. */
export function plannedCall({ call, choices }: ChosenCall, { batchSize, shardSize }: Room): PlannedCall {
  const examples = call.isWholeSum ? batchSize : shardSize;
  const shaped = (node: SymbolicTensor): View => ({
    data: new Float32Array(0),
    shape: node.shape.map((length) => length ?? examples),
    batched: isBatched(node.shape),
  });
  return {
    ...splitOperands(call.inputs.map(shaped), call.outputs.map(shaped), call.epilogue),
    attributes: { ...choices, ...call.attributes },
  };
}

function choicesOf(kernel: Kernel, call: PlannedCall): object {
  const chosen: unknown = kernel.choose?.(call) ?? {};
  if (typeof chosen === 'object' && chosen !== null) return chosen;
  throw new TypeError(`choose must return attributes, got ${describeValue(chosen)}`);
}

function scratchOf(kernel: Kernel, call: PlannedCall): number {
  return checkedElements('scratch', kernel.scratch?.(call) ?? 0);
}

/** @throws TypeError for what is no number of elements */
export function checkedElements(rule: string, elements: unknown): number {
  if (typeof elements === 'number' && Number.isInteger(elements) && elements >= 0) return elements;
  throw new TypeError(`${rule} must return a number of elements, got ${describeValue(elements)}`);
}
