/** A kernel for vectors along the last axis: one thread for each where they are short, else a team, from one text. */
import { defineDeviceKernel, type DeviceCall, type DeviceKernel, type Dispatch } from '../device-kernel.js';
import { MAX, SUM, TEAM, teamFunction, type Combination } from '../reduction/team.js';
import { countOf, eachElement, lineOf, storages } from '../shader/each-element.js';
import { shaderOf } from '../shader/shader.js';

/** Longest vector that one thread does alone. */
const ALONE = 64;

export interface Row {
  /** The operands in order. */
  readonly names: readonly string[];
  /** Index of one that has all vectors. */
  readonly vectors: number;
  /** Functions of the text, each called once, that bring a value of each thread together. */
  readonly together: Readonly<Record<string, 'sum' | 'max'>>;
  /**
   * Statements for vector `i`, which begins at `at`: a thread has its elements `first`, `first + step`, … before `length`. What is one number for
   * a vector is put by the thread whose `first` is 0, if it is `inside`.
   */
  readonly body: string;
}

const COMBINATIONS: Readonly<Record<'sum' | 'max', Combination>> = { sum: SUM, max: MAX };

export function eachRow(row: Row): DeviceKernel {
  return defineDeviceKernel({
    plan(call) {
      const operand = call.inputs[row.vectors];
      const length = operand.shape.at(-1) ?? 1;
      const { count, batch } = countOf(operand);
      // A batched vector of one axis is a batch of numbers: one vector all the same.
      const rows =
        operand.shape.length === 1 ? { count: 1, batch: null } : { count: count / Math.max(1, length), batch };
      return length <= ALONE ? alone(call, row, length, rows) : byTeams(call, row, length, rows);
    },
  });
}

type Rows = ReturnType<typeof countOf>;

function operandsOf({ inputs, outputs }: DeviceCall, { names }: Row) {
  return {
    reads: Object.fromEntries(names.map((name, n) => [name, inputs[n]])),
    writes: { y: outputs[0] },
  };
}

function alone(call: DeviceCall, row: Row, length: number, rows: Rows): Dispatch[] {
  const names = Object.keys(row.together);
  return eachElement({
    ...operandsOf(call, row),
    params: { length },
    ...rows,
    head: names.map((name) => `fn ${name}(mine: f32, lane: u32) -> f32 { return mine; }`).join('\n'),
    body: `let at = i * p.length;\nlet length = p.length;\nconst inside = true;\nconst first = 0u;\nconst step = 1u;\n${row.body}`,
  });
}

function byTeams(call: DeviceCall, row: Row, length: number, { count, batch }: Rows): Dispatch[] {
  const total = count * (batch ?? 1);
  if (total === 0) return [];
  const { reads, writes } = operandsOf(call, row);
  const shader = shaderOf({
    reads: storages(reads),
    writes: storages(writes),
    params: ['count', 'length'],
    workgroup: [TEAM, 1],
    subgroups: call.subgroups,
    head: Object.entries(row.together)
      .map(([name, how]) => teamFunction(name, COMBINATIONS[how], call.subgroups))
      .join('\n'),
    // A team without a vector has one of no elements: it must meet the barriers.
    body: `let i = group.x + group.y * groups.x;
let at = i * p.length;
let inside = i < ${batch === null ? 'p.count' : 'p.count * run.examples'};
let length = select(0u, p.length, inside);
let first = lane;
const step = ${TEAM}u;
${row.body}`,
  });
  return [
    {
      shader,
      reads: Object.values(reads),
      writes: Object.values(writes),
      params: { count, length },
      groups: lineOf(total),
    },
  ];
}
