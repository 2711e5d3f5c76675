import { ValueError } from '../../errors.js';
import { nonFiniteStep } from '../../execute/non-finite.js';
import { Control } from '../../memory/control.js';
import type { Placement } from '../../memory/placement.js';
import type { Gradient, OwnerStore, Results } from '../parties.js';
import { Publication } from '../shared-memory/publication.js';
import type { SharedWords } from '../shared-memory/shared-words.js';
import { meanOfOwn } from './mean-of-own.js';
import { blockLength, LineWord, lineOf } from './run-layout.js';
import type { Pass, ReplicaPlace, RunSetup } from './run-setup.js';
import type { Runners, UpdateRunner } from './runners.js';
import { StalenessCounts } from '../staleness-counts.js';

export interface OwnerRunners {
  /** By replica: the update from the gradients where that replica leaves them. One for all that share a batch. */
  readonly updates: readonly UpdateRunner[];
  readonly mixing: UpdateRunner | null;
  /** How often weights were mixed: an outer optimizer counts its steps over all passes, as long as it keeps its values. */
  mixings: number;
}

/** The engine's parameters, as the one thread that writes them sees them. */
export class ThreadOwnerStore implements OwnerStore {
  readonly staleness = new StalenessCounts();
  /** Applied so far; empty unless it is to be recorded. */
  readonly order: Gradient[] = [];
  readonly #setup: RunSetup;
  readonly #words: SharedWords;
  readonly #runners: OwnerRunners;
  readonly #publication: Publication;
  readonly #control: Control;
  readonly #pass: Pass;
  #committed: number;

  constructor(setup: RunSetup, words: SharedWords, runners: OwnerRunners, pass: Pass) {
    const { layout, roles, memory } = setup;
    this.#setup = setup;
    this.#words = words;
    this.#runners = runners;
    this.#pass = pass;
    this.#committed = pass.committed;
    this.#control = new Control(memory.buffer, layout.control, layout.results);
    this.#publication = new Publication(words, layout.publication, {
      readers: setup.replicas.length,
      length: blockLength(roles.weights),
    });
    this.#side = pass.side;
    this.#publish();
  }

  static runners({ replicas, oneBatch, mixing, owner }: RunSetup, make: Runners): OwnerRunners {
    const sources = oneBatch ? [0] : [...replicas.keys()];
    return {
      updates: sources.map((replica) => make.update(replica)),
      mixing: mixing && owner.mixing ? make.mixing(owner.mixing) : null,
      mixings: 0,
    };
  }

  get version(): number {
    return this.#publication.latest.version;
  }

  apply(gradients: readonly Gradient[]): void {
    const { oneBatch, data } = this.#setup;
    const [first] = gradients;
    if (!first) return;
    refuseSeveral(gradients, oneBatch);
    const count = gradients.reduce((n, { unit }) => n + Math.min(data.batchSize, data.rows - unit * data.batchSize), 0);
    const runner = this.#runners.updates[oneBatch ? 0 : first.replica] as UpdateRunner;
    const of = { side: this.#side, count, step: this.#pass.firstStep + this.#committed };
    this.#scaleRate(this.version - first.version);
    if (!runner.conclude(gradients.length, of, oneBatch)) throw nonFiniteStep(of.step);
    for (const { version } of gradients) this.staleness.add(this.version - version);
    if (this.#setup.record) this.order.push(...gradients);
    this.#flip();
    this.#commit([count, ...runner.results]);
  }

  /** Zhang et al. 2016: the staler, the smaller the step. */
  #scaleRate(staleness: number): void {
    const { roles, state } = this.#setup;
    if (roles.rateScale === null) return;
    const address = state[roles.rateScale]?.[this.#side as 0 | 1] as number;
    this.#words.writeFloat(address, 1 / (1 + staleness));
  }

  average(replicas: readonly number[]): void {
    const { mixing, owner } = this.#setup;
    const placement = owner.mixing as Placement;
    mixing?.inputs.forEach((field, i) => {
      const count = this.#setup.replicas.length;
      const address = placement.batch[0] + field.offset;
      // First the share of each replica, then for each variable its value at each replica.
      if (i < count) this.#words.writeFloat(address, replicas.includes(i) ? 1 / replicas.length : 0);
      else this.#copyWeight(Math.floor((i - count) / count), (i - count) % count, address);
    });
    this.#mix();
  }

  attract(replica: number): void {
    const { mixing, owner, replicas, roles, state } = this.#setup;
    mixing?.inputs.forEach((field, i) => {
      const span = roles.weights[i];
      const centre = state[span?.variable as number]?.[this.#side as 0 | 1] as number;
      const approaching = (replicas[replica] as ReplicaPlace).mixing as Placement;
      this.#copyWeight(i, replica, (owner.mixing as Placement).batch[0] + field.offset);
      this.#words.copyFloats(approaching.batch[0] + field.offset, centre, span?.length as number);
    });
    this.#mix();
  }

  record({ results, staleness }: { results: Results; staleness: number }): void {
    this.staleness.add(staleness);
    this.#commit(results);
  }

  /** The optimizer values that replicas have for themselves become the engine's, as their mean. */
  settle(live: readonly number[]): void {
    meanOfOwn(this.#setup, this.#words, live);
  }

  /** Lets go of what a thread held that has ended. */
  releaseHolds(replica: number): void {
    this.#publication.release(replica);
  }

  /** The value of the i-th weight at a replica. */
  #copyWeight(i: number, replica: number, to: number): void {
    const { roles, replicas, layout } = this.#setup;
    const span = roles.weights[i];
    const side = this.#words.load(lineOf(layout, replica) + LineWord.side) as 0 | 1;
    const { placement } = replicas[replica] as ReplicaPlace;
    this.#words.copyFloats(to, placement.state[span?.variable as number]?.[side] as number, span?.length as number);
  }

  #mix(): void {
    const of = { side: this.#side, count: 1, step: this.#runners.mixings++ };
    if (this.#runners.mixing?.conclude(1, of, true) === false)
      throw nonFiniteStep(this.#pass.firstStep + this.#committed);
    this.#flip();
  }

  #commit(results: Results): void {
    this.#control.record(this.#committed, (i) => results[i] as number);
    this.#control.commit(++this.#committed);
  }

  /** Makes the next values those of the engine, and shows them to the replicas. */
  #flip(): void {
    this.#side = 1 - this.#side;
    this.#publish();
  }

  #publish(): void {
    const address = this.#publication.take();
    const side = this.#side as 0 | 1;
    for (const { variable, offset, length } of this.#setup.roles.weights) {
      this.#words.copyFloats(address + offset, this.#setup.state[variable]?.[side] as number, length);
    }
    this.#publication.publish(address);
  }

  get #side(): number {
    return this.#words.load(lineOf(this.#setup.layout, 'owner') + LineWord.side);
  }

  set #side(side: number) {
    this.#words.store(lineOf(this.#setup.layout, 'owner') + LineWord.side, side);
  }
}

/** Only shards of one batch lie where they can be summed. */
function refuseSeveral({ length }: readonly Gradient[], oneBatch: boolean): void {
  if (oneBatch || length === 1) return;
  throw new ValueError(
    `store.apply: got ${length} gradients, and replicas that compute batches of their own have theirs applied one by one; ` +
      `set oneBatch in the strategy's rule, or apply each`,
    'STRATEGY',
  );
}
