import { aligned, type Call, type Phase, type Program, type Value } from './program.js';

/** A program that is a part of another. */
export interface ProgramPart {
  readonly program: Program;
  /** Of each of its variables, the index in the whole program. */
  readonly variables: readonly number[];
}

type Own = Pick<Program, 'name' | 'phases' | 'inputs' | 'outputs' | 'results' | 'bytes'>;

/**
 * Some calls of a program as a program of their own, which has no more values and variables than they use.
 *
 * @param own - phases and results with the numbers that calls and values have in the whole
 * @param moved - where a value of the whole program lies in this one; variables apart
 */
export function programPart(whole: Program, own: Own, moved: (value: Value) => Value): ProgramPart {
  const values: Value[] = [];
  const variables: number[] = [];
  const numbers = new Map<number, number>();
  const used = own.phases.flatMap((phase) => callsIn(phase));
  const calls = used.map((index): Call => {
    const call = whole.calls[index] as Call;
    return { ...call, inputs: call.inputs.map(numberOf), outputs: call.outputs.map(numberOf) };
  });
  const written = new Set(values.filter(({ part }) => part === 'next').map(({ offset }) => offset));
  let { shared } = own.bytes;
  const stores: number[] = [];
  const results = own.results.map(({ name, value }) => ({ name, value: computed(numberOf(value)) }));
  const storing: Phase = { kind: 'tasks', tasks: [{ calls: stores, elements: null, row: 1 }] };
  const phases = [...renumbered(own.phases, used), ...(stores.length > 0 ? [storing] : [])];
  const program: Program = {
    ...whole,
    ...own,
    phases,
    calls,
    results,
    values,
    bytes: { ...own.bytes, shared },
    variables: variables.map((index, i) => ({
      ...(whole.variables[index] as Program['variables'][number]),
      written: written.has(i),
    })),
  };
  return { program, variables };

  /** Number of a value of the whole program in this one. */
  function numberOf(value: number): number {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    const number = values.push(placed(whole.values[value] as Value)) - 1;
    numbers.set(value, number);
    return number;
  }

  function placed(value: Value): Value {
    if (value.part !== 'state' && value.part !== 'next') return moved(value);
    let index = variables.indexOf(value.offset);
    if (index < 0) index = variables.push(value.offset) - 1;
    return { ...value, offset: index };
  }

  /** A result that comes in with the slot is copied from there: a step's results are what it has computed. */
  function computed(number: number): number {
    const from = values[number];
    if (from?.part !== 'batch') return number;
    const stored = values.push({ ...from, part: 'shared', offset: shared }) - 1;
    shared += aligned(4);
    stores.push(calls.push(storeCall(number, stored)) - 1);
    return stored;
  }
}

/** The phases of a program of only these calls. */
function renumbered(phases: readonly Phase[], used: readonly number[]): Phase[] {
  const numbers = new Map(used.map((index, i) => [index, i]));
  const of = (some: readonly number[]): number[] => some.map((index) => numbers.get(index) as number);
  return phases.map((phase) =>
    phase.kind === 'shards'
      ? { ...phase, calls: of(phase.calls) }
      : { ...phase, tasks: phase.tasks.map((task) => ({ ...task, calls: of(task.calls) })) },
  );
}

function callsIn(phase: Phase): readonly number[] {
  return phase.kind === 'shards' ? phase.calls : phase.tasks.flatMap((task) => task.calls);
}

/** A scalar as it is, in another place. */
function storeCall(from: number, to: number): Call {
  return {
    kernel: 'elementwise',
    inputs: [from],
    outputs: [to],
    attributes: { expression: { steps: [], outputs: [0] } },
    choices: {},
    scope: null,
    scratch: 0,
    isWholeSum: false,
    epilogue: null,
  };
}
