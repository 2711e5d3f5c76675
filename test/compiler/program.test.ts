import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import {
  add,
  createEngine,
  literal,
  max,
  min,
  mul,
  reduceMean,
  reduceSum,
  softmax,
  sub,
  type Engine,
  type Program,
} from '@convoy/engine';
import { dense, dropout, flatten, maxPooling2d } from '@convoy/layers';
import { adam } from '@convoy/optimizers';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { field, programOf, trainingProgramOf } from './programs.js';
import { graphOf, randomMoves } from './random-graph.js';

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

/** A convolutional network in an engine of its own. */
async function networkProgram(change: { filters?: number; seed?: number } = {}): Promise<Program> {
  const { filters = 4, seed = 1 } = change;
  const engine = await createEngine({ backend: js(), workers: 'inline', seed });
  engines.push(engine);
  const model = engine.sequential([
    conv2d({ filters, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
    maxPooling2d(),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units: 5 }),
  ]);
  model.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return trainingProgramOf(model, 32, 4);
}

function fromJson(program: Program): unknown {
  return JSON.parse(JSON.stringify(program));
}

describe('a program is JSON', () => {
  test('of a network: it is the same after a round trip', async () => {
    const program = await networkProgram();
    expect(program.calls.length).toBeGreaterThan(10);
    expect(fromJson(program)).toStrictEqual(program);
  });

  test('of any graph', () => {
    fc.assert(
      fc.property(randomMoves, (moves) => {
        const program = programOf(graphOf(moves).outputs, { examples: 6, shardSize: 3 });
        expect(fromJson(program)).toStrictEqual(program);
      }),
      { numRuns: 100, seed: 40 },
    );
  });

  test('of an expression with infinities, NaN and −0', () => {
    const x = field('x', [2]);
    const node = min(max(x, -Infinity), mul(add(x, -0), NaN));
    const program = programOf([node], { examples: 2, shardSize: 2 });
    expect(fromJson(program)).toStrictEqual(program);
  });
});

describe('equal models give equal programs', () => {
  test('in two engines', async () => {
    expect(await networkProgram()).toStrictEqual(await networkProgram());
  });

  test('a change of a layer or of the seed shows', async () => {
    const program = await networkProgram();
    expect(await networkProgram({ filters: 5 })).not.toEqual(program);
    // Dropout's key is part of the program.
    expect(await networkProgram({ seed: 2 })).not.toEqual(program);
  });
});

test('a plain convolutional network trains in two phases: all shards, then all parameters', async () => {
  const { phases, calls, variables } = await networkProgram();
  expect(phases.map((phase) => phase.kind)).toEqual(['shards', 'tasks']);
  const written = variables.filter((v) => v.written).map((v) => v.name);
  // Kernels, biases and both moments of Adam: 4 · 3.
  expect(written.length).toBe(12);
  const planned = phases.flatMap((p) => (p.kind === 'shards' ? p.calls : p.tasks.flatMap((task) => task.calls)));
  expect(planned.toSorted((a, b) => a - b)).toEqual(calls.map((_, i) => i));
});

test('the gradients lie last layer first, aligned to cache lines, the results behind them', async () => {
  const { calls, values, results, variables, bytes } = await networkProgram();
  const sums = calls.filter((call) => call.kernel === 'treeSum').map((call) => values[call.outputs[0]]);
  const ordered = sums.toSorted((a, b) => a.offset - b.offset);
  const parameters = variables.filter((v) => v.written && /^(conv2d|dense)\/(kernel|bias):0$/.test(v.name));
  const shapeOf = (name: string) => parameters.find((v) => v.name === name)?.shape;
  expect(ordered.map((value) => value.shape)).toEqual([
    ...['dense/bias:0', 'dense/kernel:0', 'conv2d/bias:0', 'conv2d/kernel:0'].map(shapeOf),
    ...results.map(() => []),
  ]);
  expect(results.map((result) => result.name)).toEqual(['loss', 'accuracy']);
  ordered.forEach(({ part, offset }, i) => {
    expect(part).toBe('gradients');
    expect(offset % 64).toBe(0);
    const size = 4 * ordered[i].shape.reduce<number>((n, d) => n * (d ?? 0), 1);
    expect(offset + size).toBeLessThanOrEqual(ordered[i + 1]?.offset ?? bytes.gradients);
  });
});

describe('phases are cut where a value needs the whole batch, and nowhere else', () => {
  const x = field('x', [3]);
  const kindsOf = (...outputs: Parameters<typeof programOf>[0]) =>
    programOf(outputs, { examples: 8, shardSize: 2 }).phases.map((phase) => phase.kind);
  const batchMean = () => reduceMean(x, { axes: [0], keepDims: true });

  test('what each example has by itself takes one phase', () => {
    expect(kindsOf(mul(x, 2), reduceSum(x, { axes: [1] }))).toEqual(['shards']);
  });

  test('a sum over the batch takes a second', () => {
    expect(kindsOf(reduceSum(x), mul(x, 2))).toEqual(['shards', 'tasks']);
  });

  test('what goes on with the sum alone joins the second', () => {
    expect(kindsOf(mul(add(batchMean(), 1), 2))).toEqual(['shards', 'tasks']);
  });

  test('what each example does with the mean takes a third', () => {
    expect(kindsOf(sub(x, batchMean()))).toEqual(['shards', 'tasks', 'shards']);
  });

  test('a variance about the mean takes two passes and two sums', () => {
    const centred = sub(x, batchMean());
    const variance = reduceMean(mul(centred, centred), { axes: [0], keepDims: true });
    expect(kindsOf(variance)).toEqual(['shards', 'tasks', 'shards', 'tasks']);
    expect(kindsOf(mul(centred, variance))).toEqual(['shards', 'tasks', 'shards', 'tasks', 'shards']);
  });

  test('what only the third needs is computed in it, not in a pass of its own', () => {
    const total = reduceSum(literal([1, 2, 3], [1, 3]), { axes: [0], keepDims: true });
    expect(kindsOf(mul(softmax(x), total))).toEqual(['tasks', 'shards']);
    expect(kindsOf(reduceSum(mul(softmax(x), total)))).toEqual(['tasks', 'shards', 'tasks']);
  });

  test('independent sums share their phases', () => {
    const [mean, total] = [batchMean(), reduceSum(mul(x, x), { axes: [0] })];
    expect(kindsOf(sub(x, mean), mul(x, total))).toEqual(['shards', 'tasks', 'shards']);
  });
});
