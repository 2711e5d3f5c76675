import {
  defineKernel,
  isSplit,
  loopNest,
  type BoundKernel,
  type ElementwiseAttributes,
  type Kernel,
  type SharedMemory,
  type View,
} from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { int32Flag } from '../module/integers.js';
import type { MathExports } from './exports.js';
import { moduleOf } from './module.js';

type Compiled = (...numbers: number[]) => void;

/** The kernel `elementwise`: each expression becomes one SIMD function, compiled once for each form of its loops. */
export function elementwise(math: MathExports, memory: SharedMemory): Kernel {
  const compiled = new Map<string, Compiled>();
  return defineKernel<ElementwiseAttributes>({
    bind({ inputs, outputs, attributes: { expression } }): BoundKernel {
      const [result] = outputs as [View];
      const { loops, turnsPerExample } = loopNest(result, inputs);
      const all = [...inputs, ...outputs];
      const areIntegers = all.map((x) => int32Flag(x) === 1);
      // Integers that are only passed on keep all their bits: a float32 holds 24 of them.
      const areCopied = areIntegers.every(Boolean) && expression.steps.every(([name]) => name === 'identity');
      const printed = {
        expression,
        // The outermost length is a parameter.
        loops: loops.map((loop, d) => (d === 0 ? { ...loop, length: 0 } : loop)),
        integers: areCopied ? areIntegers.map(() => false) : areIntegers,
        operands: inputs.length,
      };
      const key = JSON.stringify(printed, (_, value: unknown) =>
        typeof value === 'number' ? numberKey(value) : value,
      );
      const run = compiled.get(key) ?? compile(moduleOf(printed), math, memory);
      compiled.set(key, run);
      const operands = inputs.map(({ shape }) => shape);
      const isRanged = !result.batched && isSplit(result.shape, operands);
      const numbers = [...all.map(({ data }) => addressOf(data)), 0, loops[0].length, 0, 0];
      const begin = all.length;
      return ({ examples, begin: from, end: to, step, count }) => {
        if (result.batched) numbers[begin + 1] = examples * turnsPerExample;
        else if (isRanged) {
          numbers[begin] = from;
          numbers[begin + 1] = to;
        }
        numbers[begin + 2] = step;
        numbers[begin + 3] = count;
        run(...numbers);
      };
    },
  });
}

function compile(bytes: Uint8Array, math: MathExports, memory: SharedMemory): Compiled {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory }, math: { ...math } });
  return (exports as { run: Compiled }).run;
}

/** JSON has no NaN, no infinities and no −0. */
function numberKey(value: number): number | string {
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
}
