import type { View } from '@convoy/engine/kernels';

/** @throws TypeError for int32 operands, which a kernel would read as the bits of floats */
export function refuseIntegers(inputs: readonly View[]): void {
  if (!inputs.some(({ data }) => data instanceof Int32Array)) return;
  throw new TypeError('its operands must be float32, got int32; make the tensor of a Float32Array');
}
