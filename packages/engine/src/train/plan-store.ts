import type { Program } from '../graph/program.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { loadPluginsOf, planFor, type Plan } from './plan.js';
import type { Runtime } from './runtime.js';

export type PlanKind = 'fit' | 'evaluate' | 'predict';

interface Kept {
  readonly plan: Plan;
  users: number;
  /** Another plan has taken its place. */
  replaced: boolean;
}

/** A model's placed programs: one of each kind is kept for the next call; memory is given back when nobody uses it. */
export class PlanStore {
  readonly #runtime: Runtime;
  readonly #kept = new Map<PlanKind, Kept>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Does `work` with the plan of that kind and key, which is made if the last one was for another key. */
  async use<T>(
    kind: PlanKind,
    key: string,
    makeSource: () => ProgramSource,
    work: (plan: Plan) => Promise<T>,
  ): Promise<T> {
    const kept = this.#known(kind, key) ?? (await this.#make(kind, key, makeSource()));
    kept.users++;
    try {
      return await work(kept.plan);
    } finally {
      kept.users--;
      freeUnused(kept);
    }
  }

  /** The program of the last call of a kind; null before the first. */
  programOf(kind: PlanKind): Program | null {
    return this.#kept.get(kind)?.plan.program ?? null;
  }

  /** What was made for a kind is not to be used again. */
  drop(kind: PlanKind): void {
    const kept = this.#kept.get(kind);
    if (!kept) return;
    this.#kept.delete(kind);
    kept.replaced = true;
    freeUnused(kept);
  }

  #known(kind: PlanKind, key: string): Kept | undefined {
    const kept = this.#kept.get(kind);
    return kept?.plan.key === key ? kept : undefined;
  }

  async #make(kind: PlanKind, key: string, source: ProgramSource): Promise<Kept> {
    await loadPluginsOf(this.#runtime, source);
    // Somebody else may have made it meanwhile.
    const known = this.#known(kind, key);
    if (known) return known;
    const plan = planFor(this.#runtime, key, source, () => this.drop(kind));
    const made = { plan, users: 0, replaced: false };
    this.#kept.set(kind, made);
    return made;
  }
}

function freeUnused({ plan, users, replaced }: Kept): void {
  if (replaced && users === 0) plan.placed.free();
}
