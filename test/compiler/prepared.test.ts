/** What is made of an operand once for all shards, on a backend whose convolutions want their filters transformed. */
import { wasm } from '@convoy/backend-wasm';
import { ops } from '@convoy/conv2d';
import { literal, mul, relu, type Program, type SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../packages/engine/dist/execute/load-kernels.js';
import { compileProgram, type KernelSet } from '../../packages/engine/dist/graph/compile-program.js';
import { Arena } from '../../packages/engine/dist/memory/arena.js';
import { evaluationOf } from '../../packages/engine/dist/testing/evaluate.js';
import { field } from './programs.js';

const backend = wasm();
const arena = new Arena();
const kernels = await loadKernels({ backend: 'wasm', chain: backend.modules, plugins: [] }, arena.memory);
/** The same kernels, as if each prepared its operands by itself. */
const apart: KernelSet = {
  backend: 'wasm',
  has: (name) => kernels.has(name),
  kernel: (name) => {
    const kernel = kernels.kernel(name);
    return kernel.prepares ? { ...kernel, prepares: { ...kernel.prepares, elements: () => 0 } } : kernel;
  },
};

const x = field('x', [16, 16, 4]);
const filter = literal(Array.from({ length: 3 * 3 * 4 * 8 }, Math.sin), [3, 3, 4, 8]);
const convolution = relu(ops.conv2d(x, filter, { padding: 'same' }));

function compiled(output: SymbolicTensor, shards: number): Program {
  const outputs = [{ name: 'y', node: output }];
  return compileProgram({ name: 'test', batchSize: 8, shardSize: 8 / shards, shards, outputs }, kernels);
}

/** Names of the kernels of each phase. */
const phasesOf = ({ phases, calls }: Program): string[][] =>
  phases.map((phase) =>
    (phase.kind === 'shards' ? phase.calls : phase.tasks.flatMap((task) => task.calls)).map((c) => calls[c].kernel),
  );

describe('a filter that is to be transformed', () => {
  test('is so once, before the shards that take it as one more input', () => {
    const program = compiled(convolution, 4);
    expect(phasesOf(program)).toEqual([['winogradFilter'], ['conv2d']]);
    const [transformation, { inputs, epilogue }] = program.calls;
    expect(inputs).toContain(transformation.outputs[0]);
    expect(epilogue).toMatchObject({ operands: 0 });
    expect(program.values[transformation.outputs[0]].part).toBe('shared');
  });

  test('after what it is computed by', () => {
    const twice = ops.conv2d(x, mul(filter, filter), { padding: 'same' });
    expect(phasesOf(compiled(twice, 4))).toEqual([['elementwise'], ['winogradFilter'], ['conv2d']]);
  });

  test('is left to the one shard that takes it', () => {
    expect(phasesOf(compiled(convolution, 1))).toEqual([['conv2d']]);
  });

  test('is left to the shards where no algorithm wants it', () => {
    const strided = ops.conv2d(x, filter, { strides: 2, padding: 'same' });
    expect(phasesOf(compiled(strided, 4))).toEqual([['conv2d']]);
  });

  test('gives the bits that each shard would have made by itself', () => {
    const values = new Map([['x', Float32Array.from({ length: 7 * 16 * 16 * 4 }, (_, i) => Math.cos(i))]]);
    const gradient = ops.conv2dInputGradient(convolution, filter, { padding: 'same', inputShape: [null, 16, 16, 4] });
    const [once, each] = [kernels, apart].map((set) =>
      evaluationOf({ arena, kernels: set, doubles: null }, [gradient], { examples: 7, shardSize: 3 })(values),
    );
    expect(once).toEqual(each);
  });
});
