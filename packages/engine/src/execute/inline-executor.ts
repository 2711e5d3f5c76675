import { setImmediate } from 'node:timers/promises';
import { inject, injectable } from '../di.js';
import type { Arena } from '../memory/arena.js';
import { Word } from '../memory/control.js';
import type { BoundProgram } from './bind.js';
import type { Executor, Job } from './executor.js';
import { keyOfSources, loadKernels, type KernelLibrary } from './load-kernels.js';
import { bindFor, crewOf } from './member.js';
import { ARENA } from './tokens.js';

/** Computes on the caller's thread, and lets it breathe between two steps. */
@injectable()
export class InlineExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason = "on the caller's thread";
  readonly #arena: Arena;
  #library: { key: string; library: KernelLibrary } | null = null;
  #bound: { id: string; bound: BoundProgram } | null = null;

  constructor(@inject(ARENA) arena: Arena) {
    this.#arena = arena;
  }

  async run(job: Job): Promise<number> {
    const { control } = job;
    control.rearm();
    const task = { ...job, memory: this.#arena.memory, members: 1, rank: 0, spin: false };
    if (this.#bound?.id !== job.id) this.#bound = { id: job.id, bound: bindFor(task, await this.#libraryOf(job)) };
    const crew = crewOf(task, this.#bound.bound, control);
    for (;;) {
      const index = control.load(Word.committed);
      while (!control.fed && control.load(Word.poison) === 0 && index < control.load(Word.target)) await setImmediate();
      if (control.load(Word.poison) !== 0 || index >= control.load(Word.target)) return 0;
      const done = crew.step(index);
      await setImmediate();
      if (!done || crew.leaves) return 0;
    }
  }

  async #libraryOf(job: Job): Promise<KernelLibrary> {
    const key = keyOfSources(job.sources);
    if (this.#library?.key !== key) {
      this.#library = { key, library: await loadKernels(job.sources, this.#arena.memory) };
    }
    return this.#library.library;
  }

  async dispose(): Promise<void> {
    this.#bound = null;
  }
}
