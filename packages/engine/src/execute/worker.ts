/** Entry of a pool thread: one call is one member's part in a gang. */
import { Poison } from '../memory/control.js';
import type { BoundProgram } from './bind.js';
import { failureOf, type Failure } from './failure.js';
import { keyOfSources, loadKernels, type KernelLibrary, type KernelSources } from './load-kernels.js';
import { bindFor, controlOf, runMember, type MemberTask } from './member.js';

export interface WorkerTask extends MemberTask {
  readonly sources: KernelSources;
}

/** Programs that stay bound on a thread: training, evaluation, prediction and one more. */
const KEPT = 4;

/** What this thread has loaded and bound. */
class Thread {
  #libraries = new Map<string, KernelLibrary>();
  readonly #bound = new Map<string, BoundProgram>();

  async program(task: WorkerTask): Promise<BoundProgram> {
    const key = `${task.id}/${task.rank}`;
    const known = this.#bound.get(key);
    const bound = known ?? bindFor(task, await this.#library(task));
    this.#bound.delete(key);
    this.#bound.set(key, bound);
    if (this.#bound.size > KEPT) this.#bound.delete(this.#bound.keys().next().value as string);
    return bound;
  }

  async #library(task: WorkerTask): Promise<KernelLibrary> {
    const key = keyOfSources(task.sources);
    const library = this.#libraries.get(key) ?? (await loadKernels(task.sources, task.memory));
    this.#libraries = new Map([[key, library]]);
    return library;
  }
}

const thread = new Thread();

export default async function work(task: WorkerTask): Promise<Failure | null> {
  try {
    runMember(task, await thread.program(task));
    return null;
  } catch (error) {
    controlOf(task).poison(Poison.failed);
    return failureOf(error, `worker ${task.rank}`);
  }
}
