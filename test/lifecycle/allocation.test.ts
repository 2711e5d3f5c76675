import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { wasm } from '@convoy/backend-wasm';
import { adam } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { publishSlot } from '../../packages/engine/dist/data/fill-slot.js';
import { loadKernels } from '../../packages/engine/dist/execute/load-kernels.js';
import { bindFor, crewOf } from '../../packages/engine/dist/execute/member.js';
import { compileProgram } from '../../packages/engine/dist/graph/compile-program.js';
import { Arena } from '../../packages/engine/dist/memory/arena.js';
import { Word } from '../../packages/engine/dist/memory/control.js';
import { fillConstants, placeProgram } from '../../packages/engine/dist/memory/place-program.js';
import { State } from '../../packages/engine/dist/memory/state.js';
import { tinyEngine, tinyModel } from '../fixtures/tiny.js';

const BATCH = 16;
const STEPS = 2000;

/** A training step of the tiny model on this thread, without the engine around it. */
async function trainingCrew() {
  await using engine = await tinyEngine();
  const model = tinyModel(engine, { optimizer: adam(), dropoutRate: 0.3 });
  const arena = new Arena();
  const sources = { backend: 'wasm', chain: wasm().modules, plugins: [] };
  const kernels = await loadKernels(sources, arena.memory);
  const graph = model.training.trainingGraph(model.network.trainable);
  const program = compileProgram({ name: 'fit', batchSize: BATCH, shardSize: 8, shards: 2, ...graph }, kernels);
  const { placement, control } = placeProgram(program, [], 1, { arena, state: new State(arena, 0, async (f) => f()) });
  fillConstants(program, (offset, elements) => arena.floats(placement.constants + offset, elements));
  const state = program.variables.map(({ shape }): [number, number] => {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    return [arena.allocate(bytes), arena.allocate(bytes)];
  });
  const start = { side: 0, flips: true, stateVersion: 0, firstStep: 0, claim: 'dynamic' } as const;
  const placed = { ...placement, state };
  const task = {
    id: 'test',
    memory: arena.memory,
    program,
    placement: placed,
    start,
    members: 1,
    rank: 0,
    spin: false,
  };
  return { crew: crewOf(task, bindFor(task, kernels), control), control };
}

test('a training step on the WASM backend allocates nothing', async () => {
  const { crew, control } = await trainingCrew();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  control.reset(100 * STEPS);
  let step = 0;
  const grownBy = (): number => {
    collect();
    const before = process.memoryUsage().heapUsed;
    const end = step + STEPS;
    for (; step < end; step++) {
      publishSlot(control, step, BATCH);
      crew.step(step);
    }
    return process.memoryUsage().heapUsed - before;
  };
  // The first rounds are compiled and optimized; what is left then is the step's own. A number alone would take 12 bytes.
  const grown = Array.from({ length: 12 }, grownBy);
  expect(Math.min(...grown) / STEPS).toBeLessThan(8);
  expect(control.load(Word.committed)).toBe(step);
});
