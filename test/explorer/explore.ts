import type { SharedWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';
import { describeAccess, isRace, type Access, type Labels } from './access.js';
import { AccessWords } from './access-words.js';
import { ModelledMemory } from './modelled-memory.js';
import { ReplayedThread, type LocalState, type Turn } from './replayed-thread.js';

export type Fate = 'waiting' | 'running' | 'ended' | 'killed';

export interface ThreadPlan {
  readonly name: string;
  readonly turns: readonly Turn[];
  /** When the thread starts, by what has become of the others; at once if not given. */
  readonly starts?: (fateOf: (name: string) => Fate) => boolean;
  /** Whether it may stop for ever, at any point. One thread of a schedule does, or none. */
  readonly mayDie?: boolean;
  /** Addresses, from and up to, that no other thread accesses: such accesses are no scheduling points. */
  readonly own?: readonly [from: number, end: number];
}

/** How a schedule came out, once no thread has anything left to do. */
export interface Outcome {
  readonly memory: SharedWords;
  readonly fateOf: (name: string) => Fate;
  /** What the thread's last turn left; nothing if it was killed. */
  readonly leftBy: (name: string) => readonly number[];
}

export interface Scenario {
  readonly bytes: number;
  readonly prepare: (words: SharedWords) => void;
  readonly threads: readonly ThreadPlan[];
  /** Throws if the outcome is wrong. */
  readonly atEnd?: (outcome: Outcome) => void;
  /** Words whose data races are meant. */
  readonly mayRace?: (address: number) => boolean;
  readonly label: Labels;
}

/** Puts a fault between a thread and the memory. */
export type Mutation = (words: SharedWords, thread: string) => SharedWords;

export interface Exploration {
  readonly states: number;
  readonly schedules: number;
  /** The first violation found, with the interleaving that leads to it. */
  readonly violation?: { readonly message: string; readonly trace: string };
}

interface Step {
  readonly thread: number;
  /** Undefined for a kill. */
  readonly access: Access | undefined;
  readonly found: number;
}

class Violation extends Error {}

/** Runs a scenario in every order of its accesses to shared words, with every kill. */
export function explore(scenario: Scenario, mutation: Mutation = (words) => words): Exploration {
  return new Explorer(scenario, mutation).run();
}

/**
 * Depth first over states: contents of the memory and local states of the threads. A state that was seen is not entered again,
 * but its schedules count.
 *
 * Races need no clocks. If some schedule has two conflicting accesses that happens-before does not order (order of the thread, and
 * from an atomic store to the atomic load that finds it), take the first such pair and leave out all steps that do not
 * happen before either: each load still finds the same store, so this is a schedule too, and in its last state both accesses
 * come next. All states are visited, so it suffices to look for such pairs.
 */
class Explorer {
  readonly #scenario: Scenario;
  readonly #plans: readonly ThreadPlan[];
  readonly #threads: ReplayedThread[];
  readonly #memory: ModelledMemory;
  readonly #seen = new Map<string, number>();
  readonly #path: Step[] = [];

  constructor(scenario: Scenario, mutation: Mutation) {
    this.#scenario = scenario;
    this.#plans = scenario.threads;
    this.#memory = new ModelledMemory(scenario.bytes);
    this.#threads = this.#plans.map(({ name, turns }) => new ReplayedThread(turns, (words) => mutation(words, name)));
    scenario.prepare(new AccessWords((access) => this.#memory.perform(access)));
  }

  run(): Exploration {
    try {
      const schedules = this.#from(this.#plans.map(() => 'waiting'));
      return { states: this.#seen.size, schedules };
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      const trace = this.#path.map((step) => this.#describe(step)).join('\n');
      return { states: this.#seen.size, schedules: 0, violation: { message: error.message, trace } };
    }
  }

  /** @returns the number of schedules from here on */
  #from(before: readonly Local[]): number {
    const locals = this.#started(before);
    const key = `${this.#memory.key()}|${locals.map(codeOf).join()}`;
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const running = locals.flatMap((local, i) => (typeof local === 'object' && local.pending ? [i] : []));
    this.#refuseRaces(locals, running);
    let schedules = running.length === 0 ? this.#end(locals) : 0;
    for (const i of running) {
      schedules += this.#step(locals, i);
      if (this.#plans[i].mayDie && !locals.includes('killed')) schedules += this.#kill(locals, i);
    }
    this.#seen.set(key, schedules);
    return schedules;
  }

  /** One shared access of a thread, and the accesses to its own words that follow. */
  #step(locals: readonly Local[], i: number): number {
    const undo: [address: number, value: number][] = [];
    const length = this.#path.length;
    let local = locals[i] as LocalState;
    do local = this.#access(i, local, undo);
    while (local.pending && this.#isOwn(i, local.pending));
    const schedules = this.#from(locals.with(i, local));
    for (const [address, value] of undo.toReversed()) this.#memory.write(address, value);
    this.#path.length = length;
    return schedules;
  }

  #access(i: number, local: LocalState, undo: [number, number][]): LocalState {
    const access = local.pending as Access;
    const { address } = access;
    this.#refuseAddress(i, address);
    const found = this.#memory.perform(access);
    undo.push([address, found]);
    this.#path.push({ thread: i, access, found });
    const next = this.#threads[i].after(local, found);
    if (next.failure !== undefined) throw new Violation(`${this.#plans[i].name}: ${next.failure}`);
    return next;
  }

  #kill(locals: readonly Local[], i: number): number {
    this.#path.push({ thread: i, access: undefined, found: 0 });
    const schedules = this.#from(locals.with(i, 'killed'));
    this.#path.pop();
    return schedules;
  }

  #started(locals: readonly Local[]): readonly Local[] {
    const fateOf = this.#fates(locals);
    let all = locals;
    for (const [i, { starts }] of this.#plans.entries())
      if (locals[i] === 'waiting' && (!starts || starts(fateOf))) all = all.with(i, this.#threads[i].start);
    return all;
  }

  #refuseRaces(locals: readonly Local[], running: readonly number[]): void {
    for (const i of running) {
      for (const k of running) {
        if (k <= i) continue;
        const [a, b] = [(locals[i] as LocalState).pending as Access, (locals[k] as LocalState).pending as Access];
        if (!isRace(a, b) || this.#scenario.mayRace?.(a.address)) continue;
        const [first, second] = [`${this.#plans[i].name} (${a.kind})`, `${this.#plans[k].name} (${b.kind})`];
        throw new Violation(`data race on ${this.#scenario.label(a.address)} between ${first} and ${second}`);
      }
    }
  }

  #refuseAddress(i: number, address: number): void {
    const { name } = this.#plans[i];
    if (!this.#memory.contains(address)) throw new Violation(`${name}: address ${address} is outside of the memory`);
    const owner = this.#plans.find(({ own }) => own && address >= own[0] && address < own[1]);
    if (owner && owner.name !== name) throw new Violation(`${name}: address ${address} belongs to ${owner.name}`);
  }

  #isOwn(i: number, { address }: Access): boolean {
    const { own } = this.#plans[i];
    return own !== undefined && address >= own[0] && address < own[1];
  }

  #end(locals: readonly Local[]): number {
    const indexOf = (name: string): number => this.#plans.findIndex((plan) => plan.name === name);
    const leftBy = (name: string): readonly number[] => {
      const local = locals[indexOf(name)];
      return typeof local === 'object' ? local.left : [];
    };
    const memory = new AccessWords(({ kind, address }) => {
      if (kind === 'load' || kind === 'read') return this.#memory.read(address);
      throw new Error('the end of a schedule is only looked at');
    });
    try {
      this.#scenario.atEnd?.({ memory, fateOf: this.#fates(locals), leftBy });
    } catch (error) {
      throw new Violation(`at the end: ${error instanceof Error ? error.message : String(error)}`);
    }
    return 1;
  }

  #fates(locals: readonly Local[]): (name: string) => Fate {
    return (name) => {
      const local = locals[this.#plans.findIndex((plan) => plan.name === name)];
      if (typeof local !== 'object') return local;
      return local.pending ? 'running' : 'ended';
    };
  }

  #describe({ thread, access, found }: Step): string {
    const what = access ? describeAccess(access, found, this.#scenario.label) : 'is killed';
    return `${this.#plans[thread].name.padEnd(12)} ${what}`;
  }
}

type Local = LocalState | 'waiting' | 'killed';

function codeOf(local: Local): string {
  return typeof local === 'object' ? `${local.id}` : local[0];
}
