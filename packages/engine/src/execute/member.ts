import type { SharedMemory } from '../define/op/kernel.js';
import type { DType } from '../define/op/shape.js';
import type { TensorValues } from '../define/op/tensor.js';
import { Control, Word } from '../memory/control.js';
import type { Program, Value } from '../graph/program.js';
import { bindProgram, type BoundProgram } from './bind.js';
import { Crew } from './crew.js';
import { nap } from './barrier.js';
import type { KernelLibrary } from './load-kernels.js';
import type { Placement, RunStart } from '../memory/placement.js';

/** What a member of a gang is told; plain data and the shared memory. */
export interface MemberTask {
  readonly id: string;
  readonly memory: SharedMemory;
  readonly program: Program;
  readonly placement: Placement;
  readonly start: RunStart;
  readonly members: number;
  readonly rank: number;
  readonly spin: boolean;
}

export function bindFor(
  task: Pick<MemberTask, 'program' | 'placement' | 'memory' | 'rank'>,
  library: KernelLibrary,
): BoundProgram {
  return bindProgram({
    program: task.program,
    placement: task.placement,
    worker: task.rank,
    kernels: (name) => library.kernel(name),
    viewAt: (address, length, dtype) => viewAt(task.memory, address, length, dtype),
  });
}

export function viewAt(memory: SharedMemory, address: number, length: number, dtype: DType): TensorValues {
  return dtype === 'int32'
    ? new Int32Array(memory.buffer, address, length)
    : new Float32Array(memory.buffer, address, length);
}

export function controlOf(task: MemberTask): Control {
  return new Control(task.memory.buffer, task.placement.control, task.program.results.length);
}

/** One-element views of a program's results. */
export function resultsOf({ program, placement, memory }: Pick<MemberTask, 'program' | 'placement' | 'memory'>) {
  return program.results.map(({ value }) => {
    const { part, offset } = program.values[value] as Value;
    const base = part === 'gradients' ? placement.gradients : placement.shared;
    return new Float32Array(memory.buffer, base + offset, 1);
  });
}

export function crewOf(task: MemberTask, bound: BoundProgram, control: Control): Crew {
  const { program } = task;
  const results = resultsOf(task);
  return new Crew({
    program,
    start: task.start,
    bound,
    control,
    results,
    members: task.members,
    rank: task.rank,
    spin: task.spin,
  });
}

/** A worker's whole part in a run: steps until all leave. Blocks its thread. */
export function runMember(task: MemberTask, bound: BoundProgram): void {
  const control = controlOf(task);
  const crew = crewOf(task, bound, control);
  for (let index = control.load(Word.committed); ; index++) {
    if (!waitForBatch(control, index, task.spin) || !crew.step(index) || crew.leaves) return;
  }
}

/** @returns false when there is no such step: the data has ended, or the run is poisoned */
function waitForBatch(control: Control, index: number, spin: boolean): boolean {
  const word = Word.filled + (index & 1);
  for (;;) {
    if (control.load(Word.poison) !== 0 || index >= control.load(Word.target)) return false;
    const filled = control.load(word);
    if (filled === index + 1) return true;
    nap(control, word, filled, spin);
  }
}
