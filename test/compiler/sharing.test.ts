import { js } from '@convoy/backend-js';
import {
  add,
  createEngine,
  div,
  leakyRelu,
  literal,
  matmul,
  max,
  min,
  mul,
  neg,
  reduceSum,
  tanh,
  type SymbolicTensor,
} from '@convoy/engine';
import type { ElementwiseAttributes } from '@convoy/engine/kernels';
import { afterAll, describe, expect, test } from 'vitest';
import { differentiate } from '../../packages/engine/dist/graph/differentiate.js';
import { compute, field, programOf } from './programs.js';

const BATCH = { examples: 3, shardSize: 3 };
const values = new Map([['x', Float32Array.of(1, 2, 3)]]);

/** How often a program computes an op: as a kernel of its own or as a step of an expression. */
function timesComputed(op: string, outputs: readonly SymbolicTensor[]): number {
  return programOf(outputs, BATCH)
    .calls.flatMap(({ kernel, attributes }) =>
      'expression' in attributes
        ? (attributes as ElementwiseAttributes).expression.steps.map(([name]): string => name)
        : [kernel],
    )
    .filter((name) => name === op).length;
}

describe('equal computations are done once', () => {
  const square = Array.from({ length: 4 }, (_, i) => i);
  const x = field('x', [2]);
  const branch = () => tanh(matmul(x, literal(square, [2, 2])));

  test('in two branches', () => {
    const outputs = [mul(branch(), 2), reduceSum(branch(), { axes: [1] })];
    expect(timesComputed('matmul', outputs)).toBe(1);
    expect(timesComputed('tanh', outputs)).toBe(1);
  });

  test('in a gradient that needs what the forward pass computed', () => {
    const { outputs, gradients } = differentiate([reduceSum(branch())], [x]);
    const asked = [...outputs, ...gradients] as SymbolicTensor[];
    expect(timesComputed('tanh', asked)).toBe(1);
    // One forward, one for the gradient.
    expect(timesComputed('matmul', asked)).toBe(2);
  });

  test('but not where attributes or operands differ', () => {
    const sums = [reduceSum(branch(), { axes: [1] }), reduceSum(branch(), { axes: [1], keepDims: true })];
    expect(timesComputed('reduceSum', sums)).toBe(2);
    const other = tanh(matmul(x, literal(square.toReversed(), [2, 2])));
    expect(timesComputed('matmul', [branch(), other])).toBe(2);
  });
});

describe('numbers that JSON cannot tell apart stay apart', () => {
  const x = field('x', []);
  const cases: Record<string, { node: SymbolicTensor; expected: readonly number[] }> = {
    'infinities of both signs': {
      node: min(max(x, Number.NEGATIVE_INFINITY), Number.POSITIVE_INFINITY),
      expected: [1, 2, 3],
    },
    'NaN and infinity': { node: mul(min(x, Number.POSITIVE_INFINITY), Number.NaN), expected: [NaN, NaN, NaN] },
    'zeros of both signs': {
      node: max(div(1, mul(x, 0)), div(1, mul(x, -0))),
      expected: [Infinity, Infinity, Infinity],
    },
    'the lesser of 1 / 0 and 1 / −0': {
      node: min(div(1, mul(x, 0)), div(1, mul(x, -0))),
      expected: [-Infinity, -Infinity, -Infinity],
    },
    'infinite literals of both signs': {
      node: add(reduceSum(min(mul(x, 1), literal([Infinity], [1])), { axes: [] }), max(x, literal([-Infinity], [1]))),
      expected: [2, 4, 6],
    },
  };
  for (const [title, { node, expected }] of Object.entries(cases)) {
    test(title, () => expect([...compute([node], values, BATCH)[0]]).toEqual(expected));
  }
});

describe('an eager call is not answered by the program of another call', () => {
  const engine = createEngine({ backend: js(), workers: 'inline' });
  afterAll(async () => (await engine).dispose());

  test('with a zero of the other sign', async () => {
    const x = (await engine).tensor([1]);
    expect([...div(1, mul(x, 0)).dataSync()]).toEqual([Infinity]);
    expect([...div(1, mul(x, -0)).dataSync()]).toEqual([-Infinity]);
  });

  test('with an infinity of the other sign among its attributes', async () => {
    const x = neg((await engine).tensor([1]));
    expect([...leakyRelu(x, { alpha: Infinity }).dataSync()]).toEqual([-Infinity]);
    expect([...leakyRelu(x, { alpha: -Infinity }).dataSync()]).toEqual([Infinity]);
  });
});
