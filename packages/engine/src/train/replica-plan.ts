/** Programs and places of an asynchronous run, made on the caller's thread for all others. */
import { gradientSpans, placeShared, privateState, rolesOf } from '../async/threads/place-run.js';
import { placeOnDevices } from '../async/threads/place-on-device.js';
import type { DeviceSetup, ReplicaPlace, RunSetup } from '../async/threads/run-setup.js';
import type { ArraySource } from '../data/array-source.js';
import { stepsOf } from '../data/batch-source.js';
import type { FieldSpec } from '../data/dataset.js';
import type { KernelModule } from '../define/plugin/backend.js';
import type { Mixing, ReplicaStrategy } from '../define/strategy.js';
import type { Variable } from '../define/variable/variable.js';
import { ValueError } from '../errors.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { cutProgram } from '../graph/cut-program.js';
import { passesOverShards, type Program } from '../graph/program.js';
import type { Control } from '../memory/control.js';
import { placeProgram, type PlacedProgram } from '../memory/place-program.js';
import type { Placement } from '../memory/placement.js';
import type { Sides } from '../memory/state.js';
import * as initializers from '../standard/initializers/index.js';
import { attractionSource, averageSource, type Outer } from './mixing-graph.js';
import type { Network } from './network.js';
import { compileFor, loadPluginsOf, slotFields, variablesOf } from './plan.js';
import { inputFields, trainingSource } from './program-sources.js';
import type { Runtime } from './runtime.js';
import type { Training } from './training.js';

export interface ReplicaPlan {
  /** What it was made for; another key needs another plan. */
  readonly key: string;
  readonly setup: RunSetup;
  readonly control: Control;
  /** Names of the results of a step. */
  readonly results: readonly string[];
  free(): void;
}

export interface ReplicaPlanInput {
  readonly network: Network;
  readonly training: Training;
  readonly strategy: ReplicaStrategy;
  readonly replicas: number;
  /** Of one replica. */
  readonly batchSize: number;
  readonly data: ArraySource;
  /** Of the whole run. */
  readonly control: Control;
}

/** @throws ValueError for what the strategy cannot train, and when there is not enough memory */
export async function replicaPlan(runtime: Runtime, key: string, input: ReplicaPlanInput): Promise<ReplicaPlan> {
  const { network, training, strategy, replicas, batchSize, data } = input;
  const oneBatch = strategy.oneBatch ?? false;
  const { executor } = runtime.kernels;
  // A device does the shard of one replica.
  const whole = oneBatch && executor === null;
  const batching = whole ? { batchSize: replicas * batchSize, shards: replicas } : { batchSize, shards: 1 };
  const release: (() => void)[] = [];
  const free = (): void => release.forEach((give) => give());
  const place = (placed: Program, its: readonly Variable[], ranks: number): PlacedProgram => {
    const made = placeProgram(placed, its, ranks, runtime);
    release.push(() => made.free());
    return made;
  };
  try {
    const rateScale = strategy.stalenessAware ? keep(runtime, 'staleness/rate_scale', [], 1, release) : null;
    const source = trainingSource(network, training, batching, rateScale);
    await loadPluginsOf(runtime, source);
    const program = compileFor(runtime, source);
    refuseWholeBatch(strategy, program);
    const variables = variablesOf(program, source);
    const weights = new Set(network.variables);
    const roles = rolesOf(program, variables, {
      isWeight: (variable) => weights.has(variable),
      trains: strategy.trains,
      sharesState: training.compiled.optimizer.stateUnderHogwild === 'shared',
      rateScale,
    });
    const mixed = roles.weights.map((span) => variables[span.variable] as Variable);
    const mixing = strategy.mixing ? mixingOf(runtime, strategy.mixing, mixed, replicas, release) : null;
    const mixer = mixing && place(mixing.program, mixing.variables, 1).placement;
    const device = executor && onDevices(runtime, executor, program, { replicas, oneBatch }, release);
    const together = whole ? place(program, variables, replicas + 1) : null;
    const each = Array.from({ length: replicas }, (_, replica): ReplicaPlace => {
      const placement = device?.places[replica] ?? {
        ...(together ?? place(program, variables, 2)).placement,
        shared: sharedOf(runtime, program, release),
      };
      const state = privateState(runtime.arena, variables, release);
      const own = (its: readonly Variable[]) => its.map((variable) => state[variables.indexOf(variable)] as Sides);
      const meets = mixing !== null && strategy.mixing?.kind === 'attraction';
      return {
        placement: { ...placement, state },
        rank: oneBatch ? replica : 0,
        mixing: meets ? placedAt(place(mixing.program, mixing.variables, 1).placement, own(mixing.variables)) : null,
      };
    });
    const layout = placeShared(runtime.arena, release, {
      roles,
      replicas,
      units: stepsOf(data, batchSize),
      control: input.control,
    });
    const fields: FieldSpec[] = [...inputFields(network), ...training.objective.targets];
    const setup: RunSetup = {
      memory: runtime.arena.memory,
      sources: runtime.kernels.sources,
      program,
      device: device?.setup ?? null,
      mixing: mixing?.program ?? null,
      layout,
      roles,
      state: variables.map((variable) => runtime.state.sides(variable)),
      replicas: each,
      strategy: { parties: strategy.parties.href, options: strategy.options ?? {} },
      record: strategy.record ?? false,
      codec: strategy.codec
        ? {
            url: strategy.codec.coder.href,
            options: strategy.codec.options ?? {},
            spans: gradientSpans(program),
          }
        : null,
      oneBatch,
      data: { columns: data.shared, fields: slotFields(program, fields), rows: data.rows, batchSize },
      owner: { rank: oneBatch ? replicas : 1, mixing: mixer },
    };
    return { key, setup, control: input.control, results: program.results.map((r) => r.name), free };
  } catch (error) {
    free();
    throw error;
  }
}

/** The run's programs and places where the backend brings its executor. */
function onDevices(
  { arena, guard }: Runtime,
  executor: KernelModule,
  program: Program,
  run: { replicas: number; oneBatch: boolean },
  release: (() => void)[],
): { setup: DeviceSetup; places: readonly Omit<Placement, 'state'>[] } {
  const cut = cutProgram(program);
  const { places, ownersControl } = placeOnDevices(arena, release, cut, run);
  return { setup: { id: crypto.randomUUID(), executor, guard: guard.words, cut, control: ownersControl }, places };
}

/** A replica's step must not wait for the others' in its middle. */
function refuseWholeBatch({ name }: ReplicaStrategy, program: Program): void {
  if (passesOverShards(program) < 2) return;
  throw new ValueError(
    `fit: a step of this model needs a value of the whole batch before it can go on, as batch statistics do, and '${name}' has ` +
      `no step in common for all replicas; leave strategy out`,
    'STRATEGY_WHOLE_BATCH',
  );
}

function placedAt(placement: Placement, state: Placement['state']): Placement {
  return { ...placement, state };
}

/** A place of a replica's own for what is computed once for its batch. */
function sharedOf({ arena }: Runtime, program: Program, release: (() => void)[]): number {
  const address = arena.allocate(program.bytes.shared);
  release.push(() => arena.free(address));
  return address;
}

function mixingOf(
  runtime: Runtime,
  mixing: Mixing,
  weights: readonly Variable[],
  replicas: number,
  release: (() => void)[],
): { program: Program; variables: readonly Variable[] } {
  const source: ProgramSource =
    mixing.kind === 'mean'
      ? averageSource(weights, replicas, mixing.outer && outerOf(runtime, mixing.outer, weights, release))
      : attractionSource(weights, mixing.rate);
  const program = compileFor(runtime, source);
  return { program, variables: variablesOf(program, source) };
}

function outerOf(
  runtime: Runtime,
  optimizer: Outer['optimizer'],
  weights: readonly Variable[],
  release: (() => void)[],
): Outer {
  const slots = weights.map((weight): [Variable, Record<string, Variable>] => {
    const mine = (optimizer.state ?? []).map((name): [string, Variable] => [
      name,
      keep(runtime, `outer/${optimizer.name}/${name}/${weight.name}`, weight.shape, 0, release),
    ]);
    return [weight, Object.fromEntries(mine)];
  });
  return { optimizer, state: new Map(slots) };
}

/** A variable of the run's own. */
function keep(
  { state, graph }: Runtime,
  name: string,
  shape: readonly number[],
  value: number,
  release: (() => void)[],
): Variable {
  const initializer = initializers.constant({ value });
  const variable = state.create(graph, {
    name,
    shape,
    initializer,
    trainable: false,
    constraint: null,
    partition: null,
  });
  release.push(() => state.free(variable));
  return variable;
}
