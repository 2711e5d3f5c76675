import { loopNest, type Expression, type Run, type SharedMemory, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import type { MathExports } from './exports.js';
import { moduleOf } from './module.js';

type Compiled = (...numbers: number[]) => void;

/** An expression on its operands. */
export interface BoundExpression {
  /** Length of its outermost loop, and how many turns of it an example takes. */
  readonly length: number;
  readonly turnsPerExample: number;
  /** Does turns [begin, end) of the outermost loop. */
  readonly compute: (begin: number, end: number, run: Run) => void;
}

/** Expressions as SIMD functions: each is compiled once for each form of its loops. */
export class Expressions {
  readonly #math: MathExports;
  readonly #memory: SharedMemory;
  readonly #compiled = new Map<string, Compiled>();

  constructor(math: MathExports, memory: SharedMemory) {
    this.#math = math;
    this.#memory = memory;
  }

  /** A result may be one of the operands of its shape: each element is read before it is written. */
  bind(expression: Expression, operands: readonly View[], results: readonly View[]): BoundExpression {
    const { loops, turnsPerExample } = loopNest(results[0], operands);
    const all = [...operands, ...results];
    const areIntegers = all.map(({ data }) => data instanceof Int32Array);
    // Integers that are only passed on keep all their bits: a float32 holds 24 of them.
    const areCopied = areIntegers.every(Boolean) && expression.steps.every(([name]) => name === 'identity');
    const printed = {
      expression,
      // The outermost length is a parameter.
      loops: loops.map((loop, d) => (d === 0 ? { ...loop, length: 0 } : loop)),
      integers: areCopied ? areIntegers.map(() => false) : areIntegers,
      operands: operands.length,
    };
    const key = JSON.stringify(printed, (_, value: unknown) => (typeof value === 'number' ? numberKey(value) : value));
    const compiled = this.#compiled.get(key) ?? this.#compile(moduleOf(printed));
    this.#compiled.set(key, compiled);
    const numbers = [...all.map(({ data }) => addressOf(data)), 0, 0, 0, 0];
    const at = all.length;
    return {
      length: loops[0].length,
      turnsPerExample,
      compute(begin, end, { step, count }) {
        numbers[at] = begin;
        numbers[at + 1] = end;
        numbers[at + 2] = step;
        numbers[at + 3] = count;
        compiled(...numbers);
      },
    };
  }

  #compile(bytes: Uint8Array): Compiled {
    const imports = { env: { memory: this.#memory }, math: { ...this.#math } };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    return (exports as { run: Compiled }).run;
  }
}

/** JSON has no NaN, no infinities and no −0. */
function numberKey(value: number): number | string {
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
}
