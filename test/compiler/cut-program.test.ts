/** A training program in two parts; that these compute what the whole does is in test/strategies/on-devices.test.ts. */
import { js } from '@convoy/backend-js';
import { createEngine, type Program } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam } from '@convoy/optimizers';
import { beforeAll, expect, test } from 'vitest';
import { cutProgram, type CutProgram } from '../../packages/engine/dist/graph/cut-program.js';
import { trainingProgramOf } from './programs.js';

let whole: Program;
let cut: CutProgram;
let sharded: Program;

beforeAll(async () => {
  const engine = await createEngine({ backend: js(), workers: 'inline' });
  const frozen = dense({ units: 5, inputShape: [6] });
  frozen.trainable = false;
  const model = engine.sequential([frozen, dense({ units: 3 })]);
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
  whole = trainingProgramOf(model, 8, 1);
  cut = cutProgram(whole);
  sharded = trainingProgramOf(model, 32, 4);
  await engine.dispose();
});

const namesOf = ({ variables }: Program): string[] => variables.map(({ name }) => name).toSorted();

test('the first reads weights alone and writes none; the second writes what the whole does, and reads no row of the batch', () => {
  const { gradients, update } = cut;
  expect(namesOf(gradients.program)).toEqual(['dense/bias:0', 'dense/kernel:0', 'dense_1/bias:0', 'dense_1/kernel:0']);
  expect(gradients.program.variables.some(({ written }) => written)).toBe(false);
  const written = (program: Program): string[] =>
    namesOf({ ...program, variables: program.variables.filter((each) => each.written) });
  expect(written(update.program)).toEqual(written(whole));
  expect(namesOf(update.program).some((name) => name.startsWith('dense/'))).toBe(false);
  expect(update.program.values.every(({ shape }) => shape[0] !== null)).toBe(true);
  for (const { program, variables } of [gradients, update]) {
    expect(program.variables.map(({ name }) => name)).toEqual(variables.map((index) => whole.variables[index].name));
  }
});

test('the slab is the end of the first slot, and the slot of the second', () => {
  const { gradients, update } = cut;
  const { inputs } = update.program;
  expect(inputs.map(({ shape }) => shape)).toEqual([[3], [5, 3], []]);
  expect(gradients.program.inputs).toEqual(whole.inputs);
  expect(gradients.program.outputs).toEqual(
    inputs.map((field) => ({ ...field, offset: whole.bytes.batch + field.offset })),
  );
  expect(update.program.bytes.batch).toBe(whole.bytes.gradients);
  expect(gradients.program.bytes.batch).toBe(whole.bytes.batch + whole.bytes.gradients);
});

test('there is no tree sum in either, and each has its results and shards', () => {
  const { gradients, update } = cut;
  for (const { program } of [gradients, update])
    expect(program.calls.some(({ kernel }) => kernel === 'treeSum')).toBe(false);
  expect(gradients.program.phases.map(({ kind }) => kind)).toEqual(['shards']);
  expect(update.program.phases.every(({ kind }) => kind === 'tasks')).toBe(true);
  expect([gradients.program.results, update.program.results.map(({ name }) => name)]).toEqual([[], ['loss']]);
});

test('a program of several shards is not cut: its parts would not be whole sums', () => {
  expect(() => cutProgram(sharded)).toThrow('4 shards');
});
