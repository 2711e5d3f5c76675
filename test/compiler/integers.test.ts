/** Who is given int32: expressions, and ops that make int32 again. */
import { wasm } from '@convoy/backend-wasm';
import { add, defineOp, linear, literal, matmul, mul, reduceMax, reduceSum, reshape, softmax } from '@convoy/engine';
import type { SymbolicTensor } from '@convoy/engine';
import { expect, test } from 'vitest';
import { differentiate } from '../../packages/engine/dist/graph/differentiate.js';
import { loadKernels } from '../../packages/engine/dist/execute/load-kernels.js';
import { lower } from '../../packages/engine/dist/graph/lower.js';
import { Arena } from '../../packages/engine/dist/memory/arena.js';
import { evaluationOf } from '../../packages/engine/dist/testing/evaluate.js';
import { field, programOf } from './programs.js';

const image = field('image', [2, 3], 'int32');
const flat = reshape(image, { shape: [null, 6] });
const weights = literal([1, 2, 3, 4, 5, 6], [6, 1]);

/** The kernels that read int32, in their order. */
function readersOfIntegers(outputs: readonly SymbolicTensor[]): string[] {
  const { calls, values } = programOf(outputs, { examples: 4, shardSize: 2 });
  return calls
    .filter(({ inputs }) => inputs.some((value) => values[value].dtype === 'int32'))
    .map(({ kernel }) => kernel);
}

test('integers are converted once for all kernels that read them, under whatever shape', () => {
  const outputs = [matmul(flat, weights), softmax(image), reduceMax(flat, { axes: [1] }), softmax(flat)];
  expect(readersOfIntegers(outputs)).toEqual(['elementwise']);
});

test('and once for a value and its gradient', () => {
  const factor = field('factor', [6]);
  const loss = reduceSum(matmul(mul(factor, softmax(flat)), reshape(flat, { shape: [null, 6] }), { transposeA: true }));
  const { outputs, gradients } = differentiate([loss], [factor]);
  expect(readersOfIntegers([...outputs, ...gradients] as SymbolicTensor[])).toEqual(['elementwise']);
});

test('an expression reads them as they are, broadcast or not, with nothing before it', () => {
  const sum = add(softmax(field('x', [2, 3])), image);
  const columns = field('columns', [1, 3], 'int32');
  expect(programOf([mul(sum, columns)], { examples: 4, shardSize: 2 }).calls.map(({ kernel }) => kernel)).toEqual([
    'softmax',
    'elementwise',
  ]);
});

test('an op that makes integers is given integers', () => {
  const largest = defineOp<[x: SymbolicTensor]>('largest', { dtype: 'int32', shape: ([x]) => x.slice(0, -1) });
  const node = largest(image);
  expect(lower([node], { backend: 'any', has: () => true })).toEqual([node]);
});

test('integers that are passed on keep all their bits, also where a kernel reads them as floats', async () => {
  const arena = new Arena();
  const { name, modules } = wasm();
  const kernels = await loadKernels({ backend: name, chain: modules, plugins: [] }, arena.memory);
  const passedOn = linear(field('x', [3], 'int32'));
  const outputs = [passedOn, reduceMax(passedOn, { axes: [1] })];
  const evaluate = evaluationOf({ arena, kernels, doubles: null }, outputs, { examples: 1, shardSize: 1 });
  const x = Int32Array.of(2 ** 24 + 1, 2 ** 31 - 1, -1);
  expect(evaluate(new Map([['x', x]]))).toEqual([x, Float32Array.of(2 ** 31)]);
});
