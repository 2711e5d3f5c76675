/**
 * The body of a kernel for one expression. Parameters: an address for each operand and result, begin and end of the outermost loop, step
 * and examples. Each loop has a pointer for everything that moves in it; the innermost takes four elements at a time, and the last
 * one to three singly through the same instructions, so that an element's bits do not depend on its place.
 */
import type { Expression, Loop } from '@convoy/engine/kernels';
import * as code from './instructions.js';
import { argumentsOf, stepCode, type StepContext } from './steps.js';

/** What a kernel computes, and on what. */
export interface Printed {
  readonly expression: Expression;
  readonly loops: readonly Loop[];
  /** Which operands, then which results, hold integers. */
  readonly integers: readonly boolean[];
  readonly operands: number;
}

/** Numbers the locals of a function; the parameters come first. */
class Locals {
  readonly types: number[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  add(type: number): number {
    this.types.push(type);
    return this.#parameters + this.types.length - 1;
  }
}

/** Types of the locals after the parameters, and the instructions. */
export function printBody(printed: Printed, imported: StepContext['imported']): { types: number[]; body: number[] } {
  const { expression, loops, integers, operands } = printed;
  const { steps, outputs } = expression;
  const places = operands + outputs.length;
  const [begin, end, step, examples] = [places, places + 1, places + 2, places + 3];
  const locals = new Locals(places + 4);
  const values = Array.from({ length: operands + steps.length }, () => locals.add(code.Type.v128));
  const constant = (n: number): number | null => {
    const [name, value] = steps[n - operands] ?? [];
    return name === 'constant' ? Math.fround(value) : null;
  };
  const context: StepContext = { value: (n) => code.localGet(values[n]), constant, imported, step, examples };
  const last = loops.length - 1;
  const strides = loops.map((each, d) => [...each.strides, ...outputs.map(() => resultStride(loops, d))]);
  const moves = (place: number): boolean => strides.some((each) => each[place] !== 0);
  const varies = Array.from({ length: operands }, (_, i) => moves(i));
  for (const each of steps) varies.push(argumentsOf(each).some((n) => varies[n]));
  const compute = (when: boolean): number[] =>
    steps.flatMap((each, i) => {
      const n = operands + i;
      return varies[n] === when ? [...stepCode(each, context), ...code.localSet(values[n])] : [];
    });
  const loadOne = (i: number, pointer: number): number[] => [
    ...code.localGet(pointer),
    ...code.v128Load32Splat,
    ...(integers[i] ? code.f32x4.fromIntegers : []),
    ...code.localSet(values[i]),
  ];
  const operandsWhere = (chosen: (i: number) => boolean): number[] =>
    Array.from({ length: operands }, (_, i) => i).filter(chosen);
  const head = [...operandsWhere((i) => !moves(i)).flatMap((i) => loadOne(i, i)), ...compute(false)];
  return { types: locals.types, body: [...head, ...outermost()] };

  function outermost(): number[] {
    const pointers = Array.from({ length: places }, (_, place) => {
      if (!moves(place)) return place;
      return locals.add(code.Type.i32);
    });
    const start = pointers.flatMap((pointer, place) =>
      moves(place)
        ? [
            ...code.localGet(place),
            ...code.localGet(begin),
            ...code.i32Const(4 * strides[0][place]),
            ...code.i32Mul,
            ...code.i32Add,
            ...code.localSet(pointer),
          ]
        : [],
    );
    const count = locals.add(code.Type.i32);
    const turns = [...code.localGet(end), ...code.localGet(begin), ...code.i32Sub, ...code.localSet(count)];
    return [...start, ...turns, ...loop(0, count, pointers)];
  }

  function loop(depth: number, count: number, pointers: readonly number[]): number[] {
    if (depth === last) return innermost(count, pointers);
    const inner = pointers.map((pointer, place) =>
      strides.slice(depth + 1).some((each) => each[place] !== 0) ? locals.add(code.Type.i32) : pointer,
    );
    const copies = inner.flatMap((pointer, place) =>
      pointer === pointers[place] ? [] : [...code.localGet(pointers[place]), ...code.localSet(pointer)],
    );
    const innerCount = locals.add(code.Type.i32);
    const length = [...code.i32Const(loops[depth + 1].length), ...code.localSet(innerCount)];
    const turn = [...copies, ...length, ...loop(depth + 1, innerCount, inner), ...advance(depth, count, pointers, 1)];
    return code.whileLoop([...code.localGet(count), ...code.i32Const(0), ...code.i32GreaterThan], turn);
  }

  function innermost(count: number, pointers: readonly number[]): number[] {
    const fixed = operandsWhere((i) => moves(i) && strides[last][i] === 0);
    const moving = operandsWhere((i) => strides[last][i] !== 0);
    const before = fixed.flatMap((i) => loadOne(i, pointers[i]));
    const four = [
      ...moving.flatMap((i) => loadFour(i, pointers[i])),
      ...compute(true),
      ...outputs.flatMap((n, j) => storeCode(n, j, pointers[operands + j], code.v128Store)),
      ...advance(last, count, pointers, 4),
    ];
    const one = [
      ...moving.flatMap((i) => loadOne(i, pointers[i])),
      ...compute(true),
      ...outputs.flatMap((n, j) => storeCode(n, j, pointers[operands + j], code.v128Store32Lane0)),
      ...advance(last, count, pointers, 1),
    ];
    const whileFour = [...code.localGet(count), ...code.i32Const(4), ...code.i32GreaterOrEqual];
    const whileOne = [...code.localGet(count), ...code.i32Const(0), ...code.i32GreaterThan];
    return [...before, ...code.whileLoop(whileFour, four), ...code.whileLoop(whileOne, one)];
  }

  /** Along the innermost loop what moves is contiguous: axes of length 1 have no loop. */
  function loadFour(i: number, pointer: number): number[] {
    const converted = integers[i] ? code.f32x4.fromIntegers : [];
    return [...code.localGet(pointer), ...code.v128Load, ...converted, ...code.localSet(values[i])];
  }

  function storeCode(n: number, j: number, pointer: number, store: readonly number[]): number[] {
    const converted = integers[operands + j] ? code.i32x4FromFloats : [];
    return [...code.localGet(pointer), ...code.localGet(values[n]), ...converted, ...store];
  }

  /** Pointers move on by so many turns, and as many are left less. */
  function advance(depth: number, count: number, pointers: readonly number[], turns: number): number[] {
    const moved = pointers.flatMap((pointer, place) => {
      const bytes = 4 * turns * strides[depth][place];
      if (bytes === 0) return [];
      return [...code.localGet(pointer), ...code.i32Const(bytes), ...code.i32Add, ...code.localSet(pointer)];
    });
    return [...moved, ...code.localGet(count), ...code.i32Const(turns), ...code.i32Sub, ...code.localSet(count)];
  }
}

/** Results are contiguous: a turn of a loop passes over all that is inside it. */
function resultStride(loops: readonly Loop[], depth: number): number {
  return loops.slice(depth + 1).reduce((size, { length }) => size * length, 1);
}
