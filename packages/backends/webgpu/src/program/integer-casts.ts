import { fromJson, type Call, type Program } from '@convoy/engine/executors';
import type { ElementwiseAttributes } from '@convoy/engine/kernels';

/** Whether a call's output is one of its int32 operands as float32: labels, an image of integers. */
export function isIntegerCast({ values }: Program, { kernel, inputs, attributes }: Call, output: number): boolean {
  if (kernel !== 'elementwise' || inputs.every((value) => values[value].dtype !== 'int32')) return false;
  const { steps, outputs } = (fromJson(attributes) as ElementwiseAttributes).expression;
  let number = outputs[output];
  while (number >= inputs.length) {
    const [name, argument] = steps[number - inputs.length];
    if (name !== 'identity') return false;
    number = argument;
  }
  return values[inputs[number]].dtype === 'int32';
}
