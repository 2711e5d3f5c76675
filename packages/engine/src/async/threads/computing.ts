import { loadExecutor } from '../../execute/executor-module.js';
import { loadKernels } from '../../execute/load-kernels.js';
import { DeviceRunners } from './device-runners.js';
import { KernelRunners } from './kernel-runners.js';
import type { PromptExecutor } from './one-step.js';
import type { DeviceSetup, RunSetup } from './run-setup.js';
import type { Runners } from './runners.js';

/** What a party's thread computes with, as long as it lives: kernels, or an executor of the backend's own. */
export class Computing {
  readonly #replica: number | null;
  #opening: Promise<PromptExecutor> | null = null;
  #device: string | null = null;

  /** @param replica - null: the owner of the parameters */
  constructor(replica: number | null) {
    this.#replica = replica;
  }

  /** Name of the device; null where there is none. */
  get device(): string | null {
    return this.#device;
  }

  /** @throws what cannot be loaded or opened */
  async runnersFor(setup: RunSetup): Promise<Runners> {
    const { device, sources, memory } = setup;
    if (device === null) return new KernelRunners(setup, await loadKernels(sources, memory));
    this.#opening ??= this.#open(setup, device);
    const executor = await this.#opening;
    this.#device = executor.device ?? null;
    return new DeviceRunners(setup, device, executor);
  }

  /** Ends what the executor has started: a thread that is ended before may take the process with it. */
  async close(): Promise<void> {
    // Whoever had it opened has met the error, if there is one.
    const executor = await this.#opening?.catch(() => null);
    await executor?.dispose();
  }

  async #open({ memory }: RunSetup, { executor, guard }: DeviceSetup): Promise<PromptExecutor> {
    // `fit` has refused those without `runNow`.
    return (await loadExecutor(executor, { memory, guard, replica: this.#replica })) as PromptExecutor;
  }
}
