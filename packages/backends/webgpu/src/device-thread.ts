import type { MessagePort } from 'node:worker_threads';
import { Actor, errorOf, GuardWord, handOver, type Job, type Remote } from '@convoy/engine/executors';
import type { SharedMemory } from '@convoy/engine/kernels';
import type { Answer, DeviceActor, DeviceTask, DeviceWords } from './actor.js';
import type { AdapterReport } from './device/open-device.js';
import type { DeviceOptions } from './options.js';

/** What a device's thread is started with. */
export interface DeviceThreadSetup {
  readonly memory: SharedMemory;
  readonly options: DeviceOptions;
  readonly words: DeviceWords;
  /** Where it leaves answers for who cannot wait for a message. */
  readonly answers: MessagePort;
}

/** The caller's end of the thread that owns a device, as Node and browsers have it. */
export class DeviceThread {
  readonly adapter: AdapterReport;
  readonly workersReason: string;
  readonly #actor: Actor<DeviceActor>;
  readonly #setup: DeviceThreadSetup;

  private constructor(actor: Actor<DeviceActor>, setup: DeviceThreadSetup, adapter: AdapterReport) {
    this.#actor = actor;
    this.#setup = setup;
    this.adapter = adapter;
    const kind = adapter.software ? 'software adapter' : 'adapter';
    this.workersReason = `${kind} '${adapter.name}' does the steps, from one thread`;
  }

  /** @throws RuntimeError saying why there is no device */
  static async start(setup: DeviceThreadSetup): Promise<DeviceThread> {
    const { options, words, answers } = setup;
    const actor = await Actor.start<DeviceActor>(new URL('./actor.js', import.meta.url));
    try {
      Atomics.add(words.guard, GuardWord.busy, 1);
      const adapter = valueOf(await actor.call((remote) => remote.open(options, words, handOver(answers))));
      return new DeviceThread(actor, setup, adapter);
    } catch (error) {
      await actor.dispose();
      throw error;
    }
  }

  /** Has it do the steps of a job. @returns threads that were lost: none */
  async run(job: Job): Promise<number> {
    job.control.rearm();
    await this.ask((remote) => remote.run(this.taskOf(job)));
    return 0;
  }

  /** @throws the error that it answers with */
  async ask<T>(verb: (remote: Remote<DeviceActor>) => Promise<Answer<T>>): Promise<T> {
    return valueOf(await this.call(verb));
  }

  /** Counts the call among those that are not answered; the thread counts it off. */
  async call<R>(verb: (remote: Remote<DeviceActor>) => Promise<R>): Promise<R> {
    Atomics.add(this.#setup.words.guard, GuardWord.busy, 1);
    return this.#actor.call(verb);
  }

  taskOf({ id, program, placement, start, sources }: Job): DeviceTask {
    return { id, program, placement, start, sources, memory: this.#setup.memory };
  }

  /** Resolves when the thread has ended by itself. */
  async ended(): Promise<void> {
    await this.#actor.call(() => this.#actor.died).catch(() => undefined);
  }

  dispose(): Promise<void> {
    return this.#actor.dispose();
  }
}

function valueOf<T>({ failure, value }: Answer<T>): T {
  if (failure) throw errorOf(failure);
  return value as T;
}
