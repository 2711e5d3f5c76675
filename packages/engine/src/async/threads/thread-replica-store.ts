import { fillSlot } from '../../data/fill-slot.js';
import { epochOrder } from '../../data/shuffle.js';
import { nonFiniteStep } from '../../execute/non-finite.js';
import type { Sides } from '../../memory/state.js';
import type { ReplicaStore, Results } from '../parties.js';
import { addShared, Probe } from '../shared-memory/adding.js';
import { Claims } from '../shared-memory/claim.js';
import { Publication } from '../shared-memory/publication.js';
import type { SharedWords } from '../shared-memory/shared-words.js';
import { ErrorFeedback } from './error-feedback.js';
import { loadCoder } from './load-coder.js';
import { blockLength, LineWord, lineOf, PROBE_CELLS } from './run-layout.js';
import type { Pass, ReplicaPlace, RunSetup } from './run-setup.js';
import type { GradientRunner, Runners, UpdateRunner } from './runners.js';

export interface ReplicaRunners {
  readonly gradients: GradientRunner;
  readonly update: UpdateRunner;
  /** Null where the replica's weights are mixed by the owner alone, or not at all. */
  readonly mixing: UpdateRunner | null;
  /** Null where gradients travel as they are. */
  readonly feedback: ErrorFeedback | null;
}

/** A replica's parameters and data in the engine's memory. */
export class ThreadReplicaStore implements ReplicaStore {
  readonly #setup: RunSetup;
  readonly #replica: number;
  readonly #words: SharedWords;
  readonly #state: readonly Sides[];
  readonly #runners: ReplicaRunners;
  readonly #publication: Publication;
  readonly #probe: Probe;
  readonly #pass: Pass;
  readonly #claims: Claims;
  readonly #order: Uint32Array | null;
  #updatesSeen = 0;

  constructor(setup: RunSetup, replica: number, words: SharedWords, runners: ReplicaRunners, pass: Pass) {
    const { layout, roles, data } = setup;
    const place = setup.replicas[replica] as ReplicaPlace;
    this.#setup = setup;
    this.#replica = replica;
    this.#words = words;
    this.#state = place.placement.state;
    this.#runners = runners;
    this.#publication = new Publication(words, layout.publication, {
      readers: setup.replicas.length,
      length: blockLength(roles.weights),
    });
    this.#probe = new Probe(words, layout.probe, PROBE_CELLS);
    this.#pass = pass;
    this.#claims = new Claims(words, layout.claims, pass.units.end - pass.units.begin);
    this.#order = pass.shuffle ? epochOrder(data.rows, pass.shuffle.seed, pass.shuffle.epoch) : null;
    this.#copyOwners(pass.side);
  }

  static async runners(setup: RunSetup, replica: number, make: Runners): Promise<ReplicaRunners> {
    const { mixing } = setup.replicas[replica] as ReplicaPlace;
    const { codec } = setup;
    return {
      ...make.training(replica),
      mixing: setup.mixing && mixing ? make.mixing(mixing) : null,
      feedback: codec && new ErrorFeedback(await loadCoder(codec), codec.spans),
    };
  }

  claim(): number | null {
    const index = this.#claims.claim(this.#replica);
    return index === undefined ? null : this.#pass.units.begin + index;
  }

  pull(): number {
    const { version, address } = this.#publication.acquire(this.#replica);
    for (const { variable, offset, length } of this.#setup.roles.weights) {
      this.#words.copyFloats(this.#addressOf(variable), address + offset, length);
    }
    this.#publication.release(this.#replica);
    return version;
  }

  pullShared(): void {
    const { roles, state, layout } = this.#setup;
    this.#updatesSeen = this.#words.load(lineOf(layout, 'owner') + LineWord.updates);
    for (const variable of roles.shared) {
      const shared = state[variable]?.[this.#pass.side] as number;
      this.#words.copyRacedFloats(this.#addressOf(variable), shared, roles.sizes[variable] as number);
    }
  }

  gradient(unit: number): number {
    const { oneBatch, replicas, data } = this.#setup;
    if (!oneBatch) {
      this.#compute(unit, 0, unit, this.#rowsOf(unit));
      return this.#sent(0);
    }
    const shard = unit % replicas.length;
    const first = unit - shard;
    const rows = Math.min(replicas.length * data.batchSize, data.rows - first * data.batchSize);
    this.#compute(unit, shard, first / replicas.length, rows);
    return this.#sent(shard);
  }

  update(unit: number): Results {
    const count = this.#rowsOf(unit);
    this.#compute(unit, 0, unit, count);
    const of = { side: this.#side, count, step: this.#pass.firstStep + unit };
    const { update } = this.#runners;
    if (!update.conclude(1, of, false)) throw nonFiniteStep(of.step);
    this.#side = 1 - this.#side;
    return [count, ...update.results];
  }

  finish(unit: number): void {
    this.#claims.finish(this.#replica, unit - this.#pass.units.begin);
  }

  addToShared(): number {
    const { roles, state, layout } = this.#setup;
    const mine = lineOf(layout, this.#replica);
    const before = this.#words.add(lineOf(layout, 'owner') + LineWord.updates, 1);
    this.#words.store(mine + LineWord.adding, 1);
    for (const variable of roles.shared) {
      const length = roles.sizes[variable] as number;
      const [old, next] = [this.#addressOf(variable, 1 - this.#side), this.#addressOf(variable)];
      // The old value is not needed any more: its place takes the difference.
      for (let i = 0; i < length; i++) {
        const at = 4 * i;
        this.#words.writeFloat(old + at, this.#words.readFloat(next + at) - this.#words.readFloat(old + at));
      }
      addShared(this.#words, state[variable]?.[this.#pass.side] as number, old, length);
    }
    this.#probe.add();
    this.#words.store(mine + LineWord.adding, 0);
    return before - this.#updatesSeen;
  }

  approach(): void {
    const { roles } = this.#setup;
    this.#runners.mixing?.conclude(1, { side: this.#side, count: 1, step: 0 }, true);
    for (const { variable, length } of roles.weights) {
      this.#words.copyFloats(this.#addressOf(variable), this.#addressOf(variable, 1 - this.#side), length);
    }
  }

  #compute(unit: number, shard: number, step: number, count: number): void {
    const { data, memory } = this.#setup;
    const { gradients } = this.#runners;
    const from = unit * data.batchSize;
    const order = this.#order;
    const { batch, first } = gradients.slotOf(shard);
    const slots = { memory, batch: [batch, batch] as const, fields: data.fields };
    const rowAt = (i: number): number => (order ? (order[from + i] as number) : from + i);
    fillSlot(slots, 0, data.columns, this.#rowsOf(unit), rowAt, first);
    const of = { side: this.#side, count, step: this.#pass.firstStep + step };
    if (!gradients.compute(shard, of)) throw nonFiniteStep(of.step);
    this.#words.add(lineOf(this.#setup.layout, this.#replica) + LineWord.units, 1);
  }

  /** The gradients as the owner gets them. */
  #sent(shard: number): number {
    const { gradients, feedback } = this.#runners;
    return feedback?.pass(this.#setup.memory.buffer, gradients.slabOf(shard)) ?? 1;
  }

  #rowsOf(unit: number): number {
    const { batchSize, rows } = this.#setup.data;
    return Math.min(batchSize, rows - unit * batchSize);
  }

  /** Both sides, so that what training does not write reads the same from either. */
  #copyOwners(side: number): void {
    this.#side = 0;
    for (const [variable, sides] of this.#setup.state.entries()) {
      const length = this.#setup.roles.sizes[variable] as number;
      for (const own of [0, 1]) {
        this.#words.copyFloats(this.#addressOf(variable, own), sides[side as 0 | 1], length);
      }
    }
  }

  get #side(): number {
    return this.#words.load(lineOf(this.#setup.layout, this.#replica) + LineWord.side);
  }

  set #side(side: number) {
    this.#words.store(lineOf(this.#setup.layout, this.#replica) + LineWord.side, side);
  }

  #addressOf(variable: number, side = this.#side): number {
    return this.#state[variable]?.[side] as number;
  }
}
