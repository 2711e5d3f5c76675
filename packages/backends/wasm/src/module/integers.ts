import type { View } from '@convoy/engine/kernels';

/** 1 for an operand of int32, else 0: how kernels that take both are told. */
export function int32Flag({ data }: View): 0 | 1 {
  return data instanceof Int32Array ? 1 : 0;
}

/** @throws TypeError for int32 operands, which a kernel would read as the bits of floats */
export function refuseIntegers(inputs: readonly View[]): void {
  if (inputs.every((x) => int32Flag(x) === 0)) return;
  throw new TypeError('it takes float32, got int32; make the tensor of a Float32Array');
}
