import {
  defineKernel,
  isSplit,
  loopNest,
  type BoundKernel,
  type ElementwiseAttributes,
  type Kernel,
  type NumberArray,
  type Run,
  type View,
} from '@convoy/engine/kernels';
import { printBody } from './print.js';

/** Binds the arrays to a compiled loop. */
type Compiled = (arrays: readonly NumberArray[], fround: typeof Math.fround) => BoundKernel;

/** The kernel `elementwise`: prints each expression as one JavaScript loop nest, compiled once per text. */
export function elementwiseKernel(): Kernel {
  const compiled = new Map<string, Compiled>();
  return defineKernel<ElementwiseAttributes>({
    bind({ inputs, outputs, attributes: { expression } }) {
      const [result] = outputs as [View];
      const { loops, turnsPerExample } = loopNest(result, inputs);
      const operands = inputs.map(({ shape }) => shape);
      const text = printBody({
        expression,
        loops,
        operands: inputs.length,
        turnsPerExample: result.batched ? turnsPerExample : null,
        rounds: !(result.data instanceof Float64Array),
        ranged: !result.batched && isSplit(result.shape, operands),
      });
      const names = [...inputs.map((_, i) => `a${i}`), ...outputs.map((_, i) => `o${i}`)];
      const key = `${names.join()}\n${text}`;
      const make = compiled.get(key) ?? compile(names, text);
      compiled.set(key, make);
      return make(
        [...inputs, ...outputs].map((view) => view.data),
        Math.fround,
      );
    },
  });
}

function compile(names: readonly string[], body: string): Compiled {
  const source = `const [${names.join(', ')}] = arrays;\nreturn (run) => {\n${body}\n};`;
  // The text is made of an expression's steps alone: names of ops from a closed list, and numbers.
  return new Function('arrays', 'fround', source) as (
    arrays: readonly NumberArray[],
    fround: typeof Math.fround,
  ) => (run: Run) => void;
}
