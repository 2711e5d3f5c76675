import type { KernelCall, View } from '../define/op/kernel.js';
import type { GraphEpilogue } from './calls.js';

/** A call's operands as its kernel sees them: those of the op, and the epilogue with its own. */
export function splitOperands(
  inputs: readonly View[],
  outputs: readonly View[],
  epilogue: GraphEpilogue | null,
): Pick<KernelCall, 'inputs' | 'outputs' | 'epilogue'> {
  if (epilogue === null) return { inputs, outputs, epilogue };
  const { expression, operands, sums } = epilogue;
  const own = inputs.length - operands;
  return {
    inputs: inputs.slice(0, own),
    outputs: sums ? outputs.slice(0, -1) : outputs,
    epilogue: { expression, operands: inputs.slice(own), sums: sums ? (outputs.at(-1) as View) : null },
  };
}
