/** Which gradients are computed once over the whole batch, and where their operands lie. */
import { js } from '@convoy/backend-js';
import { createEngine, matmul, relu, type Program, type SymbolicTensor } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeholder } from '../../packages/engine/dist/define/op/placeholder.js';
import { compileProgram } from '../../packages/engine/dist/graph/compile-program.js';
import { rangeLength } from '../../packages/engine/dist/graph/ranges.js';
import type { Batch } from '../../packages/engine/dist/testing/evaluate.js';
import { compute, field, kernels, programOf, trainingProgramOf } from './programs.js';
import { fill } from '../../packages/engine/dist/standard/ops/chain-rule.js';

const product = (a: SymbolicTensor, b: SymbolicTensor) => matmul(a, b, { transposeA: true });
/** 4 shards · 256 · 128 parts are ten times the 32 · (256 + 128) operands. */
const LARGE = product(field('x', [256]), field('dy', [128]));
const BATCH = { examples: 32, shardSize: 8 };

function wholeSums(program: Program): number {
  return program.calls.filter((call) => call.isWholeSum).length;
}

/** The program of a backend whose kernels cannot compute rows. */
function partsProgram(outputs: readonly SymbolicTensor[], { examples, shardSize }: Batch): Program {
  const named = outputs.map((node, i) => ({ name: `output${i}`, node }));
  const batch = { name: 'test', batchSize: examples, shardSize, shards: examples / shardSize, outputs: named };
  const kernel = (name: string) => ({ ...kernels.kernel(name), bindRows: undefined });
  return compileProgram(batch, { backend: 'other', has: (name) => kernels.has(name), kernel });
}

describe('a sum over the batch is computed once, by rows,', () => {
  test('when the parts of all shards outweigh the operands', () => {
    const { calls, phases } = programOf([LARGE], BATCH);
    expect(calls.map((call) => call.kernel)).toEqual(['matmul', 'elementwise']);
    // The copy to the output follows in the task that makes the rows.
    expect(phases).toEqual([{ kind: 'tasks', tasks: [{ calls: [0, 1], elements: 256 * 128, row: 128 }] }]);
  });

  const others: Record<string, { node: SymbolicTensor; batch: Batch }> = {
    'few outputs': { node: product(field('x', [4096]), field('dy', [10])), batch: BATCH },
    'few elements': { node: product(field('x', [100]), field('dy', [80])), batch: BATCH },
    'large shards': { node: LARGE, batch: { examples: 128, shardSize: 32 } },
  };
  for (const [what, { node, batch }] of Object.entries(others)) {
    test(`but shard by shard with ${what}`, () => {
      const program = programOf([node], batch);
      expect(wholeSums(program)).toBe(0);
      expect(program.calls.map((call) => call.kernel)).toContain('treeSum');
    });
  }

  test('but shard by shard where the kernel cannot do that', () => {
    const program = partsProgram([LARGE], BATCH);
    expect(wholeSums(program)).toBe(0);
    expect(program.bytes.gradients).toBe(4 * 256 * 128);
    expect(programOf([LARGE], BATCH).bytes).toMatchObject({ gradients: 0, examples: 0, shared: 4 * 256 * 128 });
  });
});

describe('operands of all examples', () => {
  test('that a shard makes, or views of them, are kept for the whole batch; no other activation is', () => {
    const hidden = relu(matmul(field('x', [3]), placeholder('w', [3, 256], 'float32', null)));
    const program = programOf([product(hidden, field('dy', [128]))], BATCH);
    expect(program.bytes.examples).toBe(4 * 32 * 256);
    expect(program.bytes.activations).toBe(4 * 8 * 256);
  });

  test('that are constants have a row for each example', () => {
    const ones = fill(1, [null, 128]);
    const values = new Map([['x', Float32Array.from({ length: 20 * 256 }, (_, i) => i % 7)]]);
    const program = programOf([product(field('x', [256]), ones)], { examples: 20, shardSize: 3 });
    expect(wholeSums(program)).toBe(1);
    const [sums] = compute([product(field('x', [256]), ones)], values, { examples: 20, shardSize: 3 });
    const columnSum = (i: number) => Array.from({ length: 20 }, (_, n) => (n * 256 + i) % 7).reduce((a, b) => a + b);
    expect([...sums]).toEqual(Array.from({ length: 256 * 128 }, (_, i) => columnSum(Math.floor(i / 128))));
  });
});

test('small dense layers keep their parts', async () => {
  await using engine = await createEngine({ backend: js(), workers: 'inline' });
  const model = engine.sequential([dense({ units: 32, inputShape: [64] }), dense({ units: 10 })]);
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' });
  expect(wholeSums(trainingProgramOf(model, 64, 8))).toBe(0);
});

test('ranges are whole rows, whole cache lines, and no shorter than 32 rows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (row) => {
      const length = rangeLength(row);
      expect(length % row).toBe(0);
      expect(length % 16).toBe(0);
      expect(length / row).toBeGreaterThanOrEqual(32);
    }),
  );
});
