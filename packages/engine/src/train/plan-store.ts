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
  async use<T>(kind: PlanKind, key: string, source: ProgramSource, work: (plan: Plan) => Promise<T>): Promise<T> {
    await loadPluginsOf(this.#runtime, source);
    const kept = this.#planOf(kind, key, source);
    kept.users++;
    try {
      return await work(kept.plan);
    } finally {
      kept.users--;
      freeUnused(kept);
    }
  }

  /** What was made for a kind is not to be used again. */
  drop(kind: PlanKind): void {
    const kept = this.#kept.get(kind);
    if (!kept) return;
    this.#kept.delete(kind);
    kept.replaced = true;
    freeUnused(kept);
  }

  #planOf(kind: PlanKind, key: string, source: ProgramSource): Kept {
    const known = this.#kept.get(kind);
    if (known?.plan.key === key) return known;
    const plan = planFor(this.#runtime, key, source, () => this.drop(kind));
    const made = { plan, users: 0, replaced: false };
    this.#kept.set(kind, made);
    return made;
  }
}

function freeUnused({ plan, users, replaced }: Kept): void {
  if (replaced && users === 0) plan.placed.free();
}
