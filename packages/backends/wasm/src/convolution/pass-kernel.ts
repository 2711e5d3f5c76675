import { defineKernel, rows, rowSize, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { Epilogues } from '../elementwise/epilogues.js';
import type { Algorithm, AlgorithmChoice, ConvolutionAttributes } from './algorithm.js';
import { geometryOf, type Geometry } from './geometry.js';

/** A convolution or one of its gradients: two operands and a result, which are x, filter and y in some order. */
export interface Pass {
  /** Input, filter and output of the convolution, of which this computes one from the others. */
  readonly roles: (inputs: readonly View[], output: View) => readonly [x: View, filter: View, y: View];
  readonly algorithm: (choice: AlgorithmChoice, geometry: Geometry) => Algorithm;
  /** How each algorithm that can compute it does, with so much room for examples. */
  readonly ways: (geometry: Geometry, room: number) => Readonly<Partial<Record<Algorithm, Way>>>;
}

/** A function of the build, called with three addresses, the number of examples, `numbers` and the address of scratch. */
export interface Way {
  readonly compute: (...numbers: number[]) => void;
  readonly numbers: readonly number[];
  /** Floats. */
  readonly scratch: () => number;
}

/** Index of the number of examples among what a function takes: after three operands. */
const EXAMPLES = 3;

/** The kernel of a pass; the algorithm is chosen when the program is made. */
export function passKernel(pass: Pass, choice: AlgorithmChoice, epilogues: Epilogues): Kernel {
  const geometryFor = (inputs: readonly View[], output: View, attributes: ConvolutionAttributes): Geometry =>
    geometryOf(...pass.roles(inputs, output), attributes);
  // Of the images of the batch, for both operands of the filter's gradient are.
  const wayOf = (geometry: Geometry, [operand]: readonly View[], { algorithm }: ConvolutionAttributes): Way => {
    const way = pass.ways(geometry, operand.shape[0])[algorithm];
    if (!way) throw new TypeError(`this pass of a convolution has no algorithm '${algorithm}'`);
    return way;
  };
  return defineKernel<ConvolutionAttributes>({
    takesEpilogue: true,
    choose({ inputs, outputs, attributes }) {
      const geometry = geometryFor(inputs, outputs[0], attributes);
      return { algorithm: pass.algorithm(choice, geometry) };
    },
    scratch({ inputs, outputs, attributes }) {
      return wayOf(geometryFor(inputs, outputs[0], attributes), inputs, attributes).scratch();
    },
    bind(call): BoundKernel {
      const { inputs, outputs, attributes, scratch } = call;
      const [operand] = inputs as [View, View];
      const [result] = outputs as [View];
      const geometry = geometryFor(inputs, result, attributes);
      if (geometry.work === 0) {
        const finish = epilogues.afterRunsOf(call);
        return (run) => {
          result.data.fill(0, 0, rows(result, run) * rowSize(result));
          finish(run);
        };
      }
      const expectExamples = epilogues.duringRunsOf(call);
      const { compute, numbers: given } = wayOf(geometry, inputs, attributes);
      const addresses = [...inputs, result].map(({ data }) => addressOf(data));
      const numbers = [...addresses, 0, ...given, addressOf(scratch)];
      return (run) => {
        numbers[EXAMPLES] = rows(operand, run);
        expectExamples(run);
        compute(...numbers);
      };
    },
  });
}
