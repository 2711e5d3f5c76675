import type { Variable } from '../../define/variable/variable.js';
import type { ReplicaStrategy } from '../../define/strategy.js';
import { sizeOf } from '../../define/op/shape.js';
import { aligned, type Program, type Value } from '../../graph/program.js';
import type { Arena } from '../../memory/arena.js';
import type { Control } from '../../memory/control.js';
import type { Sides } from '../../memory/state.js';
import { Probe } from '../shared-memory/adding.js';
import { Claims } from '../shared-memory/claim.js';
import { Publication } from '../shared-memory/publication.js';
import { LINE } from '../shared-memory/shared-words.js';
import type { GradientSpan } from './error-feedback.js';
import { blockLength, PROBE_CELLS, type RunLayout } from './run-layout.js';
import type { Span, VariableRoles } from './run-setup.js';

/** What the variables of a training program are to a strategy. */
export function rolesOf(
  program: Program,
  variables: readonly Variable[],
  run: {
    readonly isWeight: (variable: Variable) => boolean;
    readonly trains: ReplicaStrategy['trains'];
    /** Whether replicas add to one state of the optimizer. */
    readonly sharesState: boolean;
    readonly rateScale: Variable | null;
  },
): VariableRoles {
  const weights: Span[] = [];
  const state: number[] = [];
  let end = 0;
  variables.forEach((variable, i) => {
    if (program.variables[i]?.written !== true) return;
    if (!run.isWeight(variable)) {
      state.push(i);
      return;
    }
    weights.push({ variable: i, offset: end, length: variable.size });
    end += aligned(4 * variable.size);
  });
  const adds = run.trains === 'shared';
  return {
    weights,
    shared: adds ? [...weights.map((span) => span.variable), ...(run.sharesState ? state : [])] : [],
    own: run.trains === 'gradients' || (adds && run.sharesState) ? [] : state,
    rateScale: run.rateScale && variables.indexOf(run.rateScale),
    sizes: variables.map((variable) => variable.size),
  };
}

/** Where a slab holds gradients of variables: sums over the shards that are no results of the step. */
export function gradientSpans({ calls, values, results }: Program): GradientSpan[] {
  const sums = calls.filter((call) => call.kernel === 'treeSum').flatMap((call) => call.inputs);
  return sums
    .filter((value) => results.every((result) => result.value !== value))
    .map((value) => {
      const { offset, shape } = values[value] as Value;
      return { offset, length: sizeOf(shape) };
    });
}

/** Two sides of every variable, for one replica. `release` takes what gives the memory back. */
export function privateState(arena: Arena, variables: readonly Variable[], release: (() => void)[]): Sides[] {
  const sizes = variables.map((variable) => aligned(4 * variable.size));
  const block = arena.allocate(2 * sizes.reduce((a, b) => a + b, 0));
  release.push(() => arena.free(block));
  let next = block;
  return sizes.map((bytes) => {
    const sides: Sides = [next, next + bytes];
    next += 2 * bytes;
    return sides;
  });
}

/** What all threads of a run share beside programs and parameters. */
export function placeShared(
  arena: Arena,
  release: (() => void)[],
  run: {
    readonly roles: VariableRoles;
    readonly replicas: number;
    /** Batches of a pass over the data. */
    readonly units: number;
    readonly control: Control;
  },
): RunLayout {
  const parts = {
    lines: LINE * (1 + run.replicas),
    publication: Publication.bytes({ readers: run.replicas, length: blockLength(run.roles.weights) }),
    claims: Claims.bytes(run.units),
    probe: Probe.bytes(PROBE_CELLS),
  };
  const block = arena.allocate(Object.values(parts).reduce((sum, bytes) => sum + aligned(bytes), 0));
  release.push(() => arena.free(block));
  let next = block;
  const take = (bytes: number): number => {
    const address = next;
    next += aligned(bytes);
    return address;
  };
  return {
    control: run.control.address,
    results: run.control.width - 1,
    lines: take(parts.lines),
    publication: take(parts.publication),
    claims: take(parts.claims),
    probe: take(parts.probe),
  };
}
