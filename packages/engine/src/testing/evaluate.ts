import { randomUUID } from 'node:crypto';
import { publishSlot } from '../data/fill-slot.js';
import type { NumberArray, SharedMemory } from '../define/op/kernel.js';
import { sizeOf, type DType } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Executor } from '../execute/executor.js';
import type { KernelSources } from '../execute/load-kernels.js';
import { bindProgram } from '../execute/bind.js';
import { Crew } from '../execute/crew.js';
import { viewAt } from '../execute/member.js';
import { compileProgram, type KernelSet } from '../graph/compile-program.js';
import { Arena } from '../memory/arena.js';
import { fillConstants, placeProgram } from '../memory/place-program.js';
import { State } from '../memory/state.js';
import type { DoubleMemory, ViewAt } from './double-memory.js';

/** The memory that kernels compute in, and the kernels. */
export interface Workbench {
  readonly arena: Arena;
  readonly kernels: KernelSet;
  /** Where there are doubles, they are bound in place of the engine's memory; for kernels in JavaScript. */
  readonly doubles: DoubleMemory | null;
  /** Who does the steps, where the kernels are not for this thread. */
  readonly device?: { readonly executor: Executor; readonly sources: KernelSources };
}

export interface Batch {
  readonly examples: number;
  readonly shardSize: number;
}

/** Computes the outputs for the values of the placeholders, by name. */
export type Evaluation = (values: ReadonlyMap<string, NumberArray>) => NumberArray[];

/** As the engine runs a graph without variables: on this thread, or by the workbench's executor. */
export function evaluationOn(bench: Workbench, outputs: readonly SymbolicTensor[], batch: Batch): AsyncEvaluation {
  const { device } = bench;
  if (!device) {
    const evaluate = evaluationOf(bench, outputs, batch);
    return async (values) => evaluate(values);
  }
  const { program, placement, control, write, read } = placed(bench, outputs, batch);
  const start = { side: 0, flips: false, stateVersion: 0, firstStep: 0, claim: 'dynamic' } as const;
  const job = { id: randomUUID(), program, placement, control, start, sources: device.sources };
  return async (values) => {
    write(values);
    await device.executor.run(job);
    return read();
  };
}

/** As `Evaluation`, by whoever does the steps. */
export type AsyncEvaluation = (values: ReadonlyMap<string, NumberArray>) => Promise<NumberArray[]>;

/** Compiles a graph without variables and binds it to one thread: as the engine does, in either precision. */
export function evaluationOf(bench: Workbench, outputs: readonly SymbolicTensor[], batch: Batch): Evaluation {
  const { program, placement, control, view, write, read } = placed(bench, outputs, batch);
  const { kernels } = bench;
  const bound = bindProgram({ program, placement, kernels: (name) => kernels.kernel(name), viewAt: view, worker: 0 });
  const start = { side: 0, flips: false, stateVersion: 0, firstStep: 0, claim: 'dynamic' } as const;
  const crew = new Crew({ program, start, bound, control, results: [], members: 1, rank: 0, spin: false });
  return (values) => {
    write(values);
    crew.step(0);
    return read();
  };
}

/** A compiled graph in its place, and the way in and out. */
function placed(bench: Workbench, outputs: readonly SymbolicTensor[], batch: Batch) {
  const { arena, kernels, doubles } = bench;
  const { examples, shardSize } = batch;
  const program = compileProgram(
    {
      name: 'test',
      batchSize: examples,
      shardSize,
      shards: Math.ceil(examples / shardSize),
      outputs: outputs.map((node, i) => ({ name: `output${i}`, node })),
    },
    kernels,
  );
  const state = new State(arena, 0, async (read) => read());
  const { placement, control } = placeProgram(program, [], 1, { arena, state });
  const view = doubles ? doubles.views() : sharedViews(arena.memory);
  fillConstants(program, (offset, elements) => view(placement.constants + offset, elements, 'float32'));
  const write = (values: ReadonlyMap<string, NumberArray>): void => {
    for (const { name, offset } of program.inputs) {
      const given = values.get(name) as NumberArray;
      const dtype: DType = given instanceof Int32Array ? 'int32' : 'float32';
      view(placement.batch[0] + offset, given.length, dtype).set(given);
    }
    control.reset(1);
    publishSlot(control, 0, examples);
  };
  const read = (): NumberArray[] =>
    program.outputs.map(({ offset, shape, dtype }, i) => {
      const perRow = sizeOf(shape);
      const rows = outputs[i]?.shape[0] === null ? examples : 1;
      return view(placement.batch[0] + offset, rows * perRow, dtype).slice();
    });
  return { program, placement, control, view, write, read };
}

function sharedViews(memory: SharedMemory): ViewAt {
  return (address, length, dtype) => viewAt(memory, address, length, dtype);
}
