/** Which elementwise calls end the call before them, on a backend whose kernels can do that. */
import { wasm } from '@convoy/backend-wasm';
import {
  add,
  literal,
  matmul,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  type Program,
  type SymbolicTensor,
} from '@convoy/engine';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../packages/engine/dist/execute/load-kernels.js';
import { compileProgram, type KernelSet } from '../../packages/engine/dist/graph/compile-program.js';
import { printProgram } from '../../packages/engine/dist/graph/print-program.js';
import { Arena } from '../../packages/engine/dist/memory/arena.js';
import { evaluationOf } from '../../packages/engine/dist/testing/evaluate.js';
import { field, programOf } from './programs.js';
import { graphOf, randomMoves, valuesFor } from './random-graph.js';

const backend = wasm();
const arena = new Arena();
const kernels = await loadKernels({ backend: 'wasm', chain: backend.modules, plugins: [] }, arena.memory);
/** The same kernels, as if none took an epilogue. */
const apart: KernelSet = {
  backend: 'wasm',
  has: (name) => kernels.has(name),
  kernel: (name) => ({ ...kernels.kernel(name), takesEpilogue: false }),
};

function compiled(outputs: readonly SymbolicTensor[]): Program {
  const named = outputs.map((node, i) => ({ name: `output${i}`, node }));
  return compileProgram({ name: 'test', batchSize: 8, shardSize: 4, shards: 2, outputs: named }, kernels);
}

const calls = (outputs: readonly SymbolicTensor[]): string[] =>
  compiled(outputs).calls.map(({ kernel, epilogue }) => (epilogue === null ? kernel : `${kernel} and more`));

const x = field('x', [4]);
const weights = (columns: number) => literal(Array.from({ length: 4 * columns }, Math.sin), [4, columns]);
const product = matmul(x, weights(4));
const bias = literal([1, 2, 3, 4], [4]);

describe('an elementwise call ends the call that makes its operand', () => {
  test('bias and activation', () => {
    const program = compiled([relu(add(product, bias))]);
    expect(program.calls).toMatchObject([{ kernel: 'matmul', inputs: [0, 1, 2], epilogue: { operands: 1 } }]);
    // What the product alone would be has no place.
    expect(program.bytes.activations).toBe(0);
    expect(printProgram(program)).toContain(
      '{"transposeA":false,"transposeB":false} then {identity(max(add(a, b), 0))} (result, ',
    );
  });

  test('a copy to where the outside reads it needs no arithmetic', () => {
    expect(compiled([product]).calls).toMatchObject([{ kernel: 'matmul', epilogue: null }]);
  });

  test('the latest of several', () => {
    const other = matmul(x, mul(weights(4), 2));
    const [first, second, ...more] = compiled([add(product, other)]).calls.filter(({ kernel }) => kernel === 'matmul');
    expect([first.epilogue, more]).toEqual([null, []]);
    expect(second.epilogue).toMatchObject({ operands: 1 });
    expect(second.inputs.at(-1)).toBe(first.outputs[0]);
  });

  test('once it is there twice, as one operand', () => {
    expect(calls([mul(product, product)])).toEqual(['matmul and more']);
  });
});

describe('a sum over all axes but the last is made by the call that makes what it is of', () => {
  const rows = reduceSum(product, { axes: [0] });

  test('which others still use', () => {
    const program = compiled([rows, matmul(product, weights(4))]);
    expect(program.calls.map(({ kernel }) => kernel)).toEqual(['matmul', 'matmul', 'treeSum', 'elementwise']);
    expect(program.calls[0]).toMatchObject({ epilogue: { expression: null, operands: 0, sums: true } });
    expect(program.values[program.calls[0].outputs[1]]).toMatchObject({ part: 'gradients', shape: [4] });
    expect(printProgram(program)).toContain('then sums by the last axis');
  });

  test('after what is computed in place', () => {
    const program = compiled([reduceSum(relu(add(product, bias)), { axes: [0], keepDims: true })]);
    expect(program.calls.map(({ kernel }) => kernel)).toEqual(['matmul', 'treeSum', 'elementwise']);
    expect(program.calls[0]).toMatchObject({ epilogue: { operands: 1, sums: true } });
    expect(printProgram(program)).toContain('max(add(a, b), 0)} (result, ');
  });

  test('but not two of one value, nor over other axes, nor of what waits for the whole batch', () => {
    const late = matmul(mul(x, reduceMean(x, { axes: [0], keepDims: true })), weights(4));
    for (const outputs of [
      [rows, reduceSum(product, { axes: [0], keepDims: true })],
      [reduceSum(reshape(product, { shape: [null, 2, 2] }), { axes: [0, 2] })],
      [reduceSum(product, { axes: [0, 1] })],
      [reduceSum(late, { axes: [1] })],
    ]) {
      expect(compiled(outputs).calls.some(({ kernel }) => kernel === 'reduceSum')).toBe(true);
    }
  });
});

describe('but not', () => {
  const others: Record<string, readonly SymbolicTensor[]> = {
    'where somebody else uses the operand': [relu(product), matmul(product, weights(4))],
    'where the operand is asked for as it is': [relu(product), product],
    'where it is used as a view too': [
      add(product, reshape(mul(reshape(product, { shape: [null, 2, 2] }), 2), { shape: [null, 4] })),
    ],
    'where the operand is broadcast': [add(matmul(x, weights(1)), x)],
    'where more than one value comes of it': [relu(product), mul(relu(product), 2)],
    'where it waits for the whole batch': [
      mul(product, reduceMean(x, { axes: [0], keepDims: true })),
      reduceSum(product, { axes: [1] }),
    ],
    'where the operand is a sum over the batch': [relu(matmul(x, x, { transposeA: true }))],
  };
  for (const [what, outputs] of Object.entries(others)) {
    test(what, () => {
      const made = compiled(outputs).calls;
      expect(made.some(({ kernel }) => kernel === 'elementwise')).toBe(true);
      expect(made.every(({ epilogue }) => epilogue === null)).toBe(true);
    });
  }

  test('where the kernel takes none', () => {
    const { calls: made } = programOf([relu(add(product, bias))], { examples: 8, shardSize: 4 });
    expect(made.map(({ kernel }) => kernel)).toEqual(['matmul', 'elementwise']);
  });
});

test('any graph has the same bits with epilogues as without', () => {
  let merged = 0;
  fc.assert(
    fc.property(randomMoves, (moves) => {
      // Many products, so that there is something to end.
      const { outputs } = graphOf(moves.flatMap((move) => [move, ['mix', move[1]] as const]));
      const [batch, values] = [{ examples: 7, shardSize: 3 }, valuesFor(7)];
      const [some, none] = [kernels, apart].map((set) =>
        evaluationOf({ arena, kernels: set, doubles: null }, outputs, batch)(values),
      );
      some.forEach((output, i) => expect(Array.from(output)).toEqual(Array.from(none[i])));
      merged += compiled(outputs).calls.filter(({ epilogue }) => epilogue !== null).length;
    }),
    { numRuns: 150, seed: 50 },
  );
  expect(merged).toBeGreaterThan(50);
});
