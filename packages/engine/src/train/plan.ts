import type { FieldSpec } from '../data/dataset.js';
import type { SlotField } from '../data/fill-slot.js';
import type { Variable } from '../define/variable/variable.js';
import type { Job } from '../execute/executor.js';
import { compileProgram, type ProgramSource } from '../graph/compile-program.js';
import { RuntimeError } from '../errors.js';
import type { Program } from '../graph/program.js';
import { topological } from '../define/op/dependence.js';
import { Word } from '../memory/control.js';
import { placeProgram, type PlacedProgram } from '../memory/place-program.js';
import type { RunStart } from '../memory/placement.js';
import type { Runtime } from './runtime.js';
import { sizeOf } from '../define/op/shape.js';

/** A program in its place, kept from run to run while nothing about it changes. */
export interface Plan {
  readonly id: string;
  /** What it was made for; another key needs another plan. */
  readonly key: string;
  readonly program: Program;
  readonly placed: PlacedProgram;
}

/** Compiles without placing: all that `explain` needs, and all errors of a model that cannot run. */
export function compileFor(runtime: Runtime, source: ProgramSource): Program {
  for (const plugin of pluginsOf(source)) {
    if (!runtime.kernels.knows(plugin)) {
      throw new RuntimeError(
        `the kernels of plugin '${plugin.name}' are not loaded yet: list it in createEngine({ plugins: [...] })`,
        'PLUGIN_MISSING',
      );
    }
  }
  return compileProgram(source, runtime.kernels.library);
}

/** Loads the kernels of every plugin whose ops the graph uses. */
export async function loadPluginsOf(runtime: Runtime, source: ProgramSource): Promise<void> {
  for (const plugin of pluginsOf(source)) await runtime.kernels.include(plugin);
}

function pluginsOf(source: ProgramSource) {
  const roots = [...(source.outputs ?? []), ...(source.results ?? []), ...(source.updates ?? [])].map((r) => r.node);
  return new Set(topological(roots).flatMap((node) => node.op.home?.plugin ?? []));
}

/** Compiles and places. `beforePlacing` may give memory back; it is not called when the model cannot run. */
export function planFor(runtime: Runtime, key: string, source: ProgramSource, beforePlacing?: () => void): Plan {
  const program = compileFor(runtime, source);
  beforePlacing?.();
  const variables = variablesOf(program, source);
  const placed = placeProgram(program, variables, runtime.executor.workers, runtime);
  return { id: crypto.randomUUID(), key, program, placed };
}

/** The program names its variables in order; here are the variables themselves. */
export function variablesOf(program: Program, source: ProgramSource): Variable[] {
  const roots = [...(source.outputs ?? []), ...(source.results ?? []), ...(source.updates ?? [])].map((r) => r.node);
  const all = [
    ...topological(roots).flatMap((n) => n.variable ?? []),
    ...(source.updates ?? []).map((u) => u.variable),
  ];
  const byName = new Map(all.map((variable) => [variable.name, variable]));
  return program.variables.map(({ name }) => byName.get(name) as Variable);
}

/** Where the program's fields lie in a slot, and which column of the data each is. */
export function slotFields(program: Program, specs: readonly FieldSpec[]): SlotField[] {
  return program.inputs.map(({ name, offset, shape, dtype }) => ({
    column: specs.findIndex((spec) => spec.name === name),
    offset,
    dtype,
    perRow: sizeOf(shape),
  }));
}

/**
 * The rest of a run with a plan. `feed` is the plan whose slots and control block the run began with: another one when what
 * is trained changed on the way.
 *
 * @param firstStep - steps committed before the run
 * @param claim - how workers come by shards
 */
export function jobOf(
  runtime: Runtime,
  plan: Plan,
  firstStep: number,
  feed = plan,
  claim: RunStart['claim'] = 'dynamic',
): Job {
  const { control, placement } = feed.placed;
  const flips = plan.program.variables.some((v) => v.written);
  const done = control.load(Word.committed);
  return {
    id: feed === plan ? plan.id : `${plan.id} fed by ${feed.id}`,
    program: plan.program,
    placement: { ...plan.placed.placement, batch: placement.batch, control: placement.control },
    control,
    sources: runtime.kernels.sources,
    start: {
      side: (flips ? runtime.state.side ^ (done & 1) : runtime.state.side) as 0 | 1,
      flips,
      stateVersion: runtime.state.version,
      firstStep,
      claim,
    },
  };
}
