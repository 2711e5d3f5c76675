/**
 * Cuts a training step in two programs, for executors that do whole programs: the first makes gradients of a batch, the second makes next values
 * of gradients. Between them lies the slab: it comes out of the first as the end of its slot, and is the slot of the second.
 */
import { programPart, type ProgramPart } from './program-part.js';
import { passesOverShards, type Field, type Phase, type Program, type Value } from './program.js';

export interface CutProgram {
  readonly gradients: ProgramPart;
  readonly update: ProgramPart;
}

/**
 * What is computed before the shards belongs to each part that needs it: the second computes it again, from the variables that it updates. All
 * else that it needs of the first are sums over the batch, since one shard's sums are the whole ones.
 */
export function cutProgram(program: Program): CutProgram {
  const passes = passesOverShards(program);
  if (program.shards !== 1 || passes !== 1) {
    throw new TypeError(
      `program '${program.name}' has ${program.shards} shards and ${passes} passes over them; one of each can be cut`,
    );
  }
  const last = program.phases.findLastIndex(({ kind }) => kind === 'shards');
  const [before, after] = [program.phases.slice(0, last + 1), program.phases.slice(last + 1)];
  const slab = slabFields(program);
  const { batch, gradients: slabBytes } = program.bytes;
  const isResult = new Set(program.results.map(({ value }) => slotOf(program.values[value] as Value)));
  const gradients = {
    name: `${program.name}: gradients`,
    phases: needed(program, before, (_, phase) => phase.kind === 'shards'),
    inputs: program.inputs,
    outputs: slab.map((field) => ({ ...field, offset: batch + field.offset })),
    results: [],
    bytes: { ...program.bytes, batch: batch + slabBytes, gradients: 0 },
  };
  const update = {
    name: `${program.name}: update`,
    phases: needed(program, [...before.filter(({ kind }) => kind === 'tasks'), ...after], (call, phase) => {
      if (after.includes(phase)) return true;
      const made = program.calls[call]?.outputs.map((value) => program.values[value] as Value) ?? [];
      return made.some((value) => value.part === 'next' || isResult.has(slotOf(value)));
    }),
    inputs: slab,
    outputs: [],
    results: program.results,
    bytes: { ...program.bytes, batch: slabBytes, gradients: 0, activations: 0, examples: 0 },
  };
  const slabAt = (start: number) => (value: Value) =>
    value.part === 'gradients' ? { ...value, part: 'batch' as const, offset: start + value.offset } : value;
  return {
    gradients: programPart(program, gradients, slabAt(batch)),
    update: programPart(program, update, slabAt(0)),
  };
}

/** The sums over the batch, as they lie in the slab. */
function slabFields({ calls, values }: Program): Field[] {
  return calls
    .filter(({ kernel }) => kernel === 'treeSum')
    .map(({ inputs: [sum] }) => {
      const { offset, shape, dtype } = values[sum as number] as Value;
      return { name: `sum at ${offset}`, offset, shape: shape as number[], dtype };
    })
    .toSorted((a, b) => a.offset - b.offset);
}

/** Of some phases, the calls that are wanted and those that these need; without tree sums, for there is one shard. */
function needed(
  { calls, values }: Program,
  phases: readonly Phase[],
  wanted: (call: number, phase: Phase) => boolean,
): Phase[] {
  const read = new Set<string>();
  const isNeeded = (phase: Phase) => (index: number) => {
    const call = calls[index];
    if (!call || call.kernel === 'treeSum') return false;
    const makesWhatIsRead = call.outputs.some((value) => read.has(slotOf(values[value] as Value)));
    if (!wanted(index, phase) && !makesWhatIsRead) return false;
    for (const value of call.inputs) read.add(slotOf(values[value] as Value));
    return true;
  };
  // Backwards: who reads comes before who writes.
  const kept = (phase: Phase, some: readonly number[]): number[] =>
    some.toReversed().filter(isNeeded(phase)).toReversed();
  return phases
    .toReversed()
    .map((phase): Phase => {
      if (phase.kind === 'shards') return { kind: 'shards', calls: kept(phase, phase.calls) };
      const tasks = phase.tasks.toReversed().map((task) => ({ ...task, calls: kept(phase, task.calls) }));
      return { kind: 'tasks', tasks: tasks.toReversed().filter(({ calls: some }) => some.length > 0) };
    })
    .toReversed()
    .filter((phase) => phase.kind === 'shards' || phase.tasks.length > 0);
}

function slotOf({ part, offset }: Value): string {
  return `${part} ${offset}`;
}
