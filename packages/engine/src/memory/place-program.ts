import { numberFromJson } from '../define/plugin/json-data.js';
import type { NumberArray } from '../define/op/kernel.js';
import type { Placement } from './placement.js';
import { aligned, passesOverShards, type Program } from '../graph/program.js';
import { ValueError } from '../errors.js';
import type { Variable } from '../define/variable/variable.js';
import type { Arena } from './arena.js';
import { Control } from './control.js';
import type { State } from './state.js';

export interface PlacedProgram {
  readonly placement: Placement;
  readonly control: Control;
  /** Gives the memory back. */
  free(): void;
}

/**
 * Gives each part of a program its addresses.
 *
 * @throws ValueError with the table of parts when they do not fit into 4 GiB
 */
export function placeProgram(
  program: Program,
  variables: readonly Variable[],
  workers: number,
  memory: { arena: Arena; state: State },
): PlacedProgram {
  const { arena, state } = memory;
  const { bytes, shards } = program;
  const regions = passesOverShards(program) > 1 ? shards : workers;
  const parts: [name: string, bytes: number][] = [
    ['batch (first slot)', bytes.batch],
    ['batch (second slot)', bytes.batch],
    [`gradients of ${shards} shards`, shards * bytes.gradients],
    [`activations, ${regions} times`, regions * bytes.activations],
    [`scratch of ${workers} workers`, workers * bytes.scratch],
    ['activations of the whole batch', bytes.examples],
    ['values of the whole batch', bytes.shared],
    ['constants', bytes.constants],
    ['control', Control.bytes(program.results.length)],
  ];
  checkFit(program, parts, arena.available);
  const block = arena.allocate(parts.reduce((sum, [, size]) => sum + aligned(size), 0));
  const at = (i: number): number => parts.slice(0, i).reduce((address, [, size]) => address + aligned(size), block);
  const placement: Placement = {
    batch: [at(0), at(1)],
    gradients: at(2),
    activations: at(3),
    scratch: at(4),
    examples: at(5),
    shared: at(6),
    constants: at(7),
    control: at(8),
    state: variables.map((variable) => state.sides(variable)),
  };
  fillConstants(program, (offset, elements) => arena.floats(placement.constants + offset, elements));
  return {
    placement,
    control: new Control(arena.memory.buffer, placement.control, program.results.length),
    free: () => arena.free(block),
  };
}

/** Writes the program's constants through views of them. */
export function fillConstants(program: Program, viewOf: (offset: number, elements: number) => NumberArray): void {
  for (const { offset, elements, values: stored } of program.constants) {
    const view = viewOf(offset, elements);
    const values = stored.map(numberFromJson);
    if (values.length === 1) view.fill(values[0] as number);
    else view.set(values);
  }
}

function checkFit(program: Program, parts: readonly [string, number][], available: number): void {
  const total = parts.reduce((sum, [, size]) => sum + aligned(size), 0);
  if (total <= available) return;
  const mebibytes = (size: number): string => `${(size / 2 ** 20).toFixed(1).padStart(10)} MiB`;
  const rows = [...parts, ['total', total] as const, ['available of 4 GiB', available] as const];
  throw new ValueError(
    `program '${program.name}' with batch size ${program.batchSize} does not fit into memory; ` +
      `use a smaller batchSize or fewer shards:\n` +
      rows.map(([name, size]) => `  ${name.padEnd(32)}${mebibytes(size)}`).join('\n'),
    'MEMORY',
  );
}
