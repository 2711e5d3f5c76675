import type { Expression } from '../define/op/expression.js';
import type { Epilogue, View } from '../define/op/kernel.js';

/** A call's inputs as its kernel sees them: those of the op, and the epilogue with its own. */
export function splitInputs(
  inputs: readonly View[],
  epilogue: { readonly expression: Expression; readonly operands: number } | null,
): { inputs: readonly View[]; epilogue: Epilogue | null } {
  if (epilogue === null) return { inputs, epilogue };
  const own = inputs.length - epilogue.operands;
  return { inputs: inputs.slice(0, own), epilogue: { expression: epilogue.expression, operands: inputs.slice(own) } };
}
