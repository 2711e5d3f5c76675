import { aligned, type Call, type Phase, type Program, type Value } from './program.js';

/** A program that is a part of another. */
export interface CutPart {
  readonly program: Program;
  /** Of each of its variables, the index in the whole program. */
  readonly variables: readonly number[];
}

/** Some calls of a program as a program of their own, of one shard: with no more values and variables than they use. */
export class ProgramPart {
  readonly #whole: Program;
  /** As the whole program has them. */
  readonly #calls: readonly Call[];
  readonly #phases: readonly Phase[];
  readonly #moved: (value: Value) => Value;
  readonly #values: Value[] = [];
  readonly #numbers = new Map<number, number>();
  readonly #variables: number[] = [];

  /** @param moved - where a value of the whole program lies in this one; variables apart */
  constructor(whole: Program, phases: readonly Phase[], moved: (value: Value) => Value) {
    this.#whole = whole;
    this.#moved = moved;
    const used = phases.flatMap((phase) => callsIn(phase));
    this.#calls = used.map((index) => whole.calls[index] as Call);
    const numbers = new Map(used.map((index, i) => [index, i]));
    const renumbered = (some: readonly number[]): number[] => some.map((index) => numbers.get(index) as number);
    this.#phases = phases.map((phase) =>
      phase.kind === 'shards'
        ? { ...phase, calls: renumbered(phase.calls) }
        : { ...phase, tasks: phase.tasks.map((task) => ({ ...task, calls: renumbered(task.calls) })) },
    );
  }

  finish(name: string, given: Pick<Program, 'inputs' | 'outputs' | 'results' | 'bytes'>): CutPart {
    const whole = this.#whole;
    const calls = this.#calls.map((call) => ({
      ...call,
      inputs: call.inputs.map((value) => this.#numberOf(value)),
      outputs: call.outputs.map((value) => this.#numberOf(value)),
    }));
    const written = new Set(this.#values.filter(({ part }) => part === 'next').map(({ offset }) => offset));
    const { phases, results, bytes } = this.#withStored(calls, given);
    const program: Program = {
      ...whole,
      ...given,
      name,
      phases,
      calls,
      results,
      bytes,
      values: this.#values,
      variables: this.#variables.map((index, i) => ({
        ...(whole.variables[index] as Program['variables'][number]),
        written: written.has(i),
      })),
    };
    return { program, variables: this.#variables };
  }

  /** A result that comes in with the slot is copied from there: a step's results are what it has computed. */
  #withStored(calls: Call[], given: Pick<Program, 'results' | 'bytes'>): Pick<Program, 'phases' | 'results' | 'bytes'> {
    let { shared } = given.bytes;
    const stores: number[] = [];
    const results = given.results.map(({ name, value }) => {
      const input = this.#numberOf(value);
      const from = this.#values[input];
      if (from?.part !== 'batch') return { name, value: input };
      const stored = this.#values.push({ ...from, part: 'shared', offset: shared }) - 1;
      shared += aligned(4);
      stores.push(calls.push(storing(input, stored)) - 1);
      return { name, value: stored };
    });
    const storingPhase: Phase = { kind: 'tasks', tasks: [{ calls: stores, elements: null, row: 1 }] };
    const phases = stores.length > 0 ? [...this.#phases, storingPhase] : this.#phases;
    return { phases, results, bytes: { ...given.bytes, shared } };
  }

  /** Number of a value of the whole program in this one. */
  #numberOf(value: number): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#values.push(this.#placed(this.#whole.values[value] as Value)) - 1;
    this.#numbers.set(value, number);
    return number;
  }

  #placed(value: Value): Value {
    if (value.part !== 'state' && value.part !== 'next') return this.#moved(value);
    let index = this.#variables.indexOf(value.offset);
    if (index < 0) index = this.#variables.push(value.offset) - 1;
    return { ...value, offset: index };
  }
}

function callsIn(phase: Phase): readonly number[] {
  return phase.kind === 'shards' ? phase.calls : phase.tasks.flatMap((task) => task.calls);
}

/** A scalar as it is, in another place. */
function storing(from: number, to: number): Call {
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
