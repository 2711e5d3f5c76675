/** In place of `device-executor.ts`: the device's thread is a web worker, which may be ended at any time. */
import { NotImplementedError } from '@convoy/engine';
import {
  Actor,
  errorOf,
  GuardWord,
  handOver,
  type Executor,
  type ExecutorContext,
  type Job,
  type Remote,
} from '@convoy/engine/executors';
import type { SharedMemory } from '@convoy/engine/kernels';
import type { Answer, DeviceActor } from '../actor.js';
import type { AdapterReport } from '../device/open-device.js';
import { deviceOptions, type WebGpuOptions } from '../options.js';
import { ANSWERED_BYTES } from '../words.js';

/** Has a device do the steps of an engine: the caller's end of the thread that owns it. */
export class DeviceExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason: string;
  readonly adapter: AdapterReport;
  readonly #actor: Actor<DeviceActor>;
  readonly #memory: SharedMemory;
  readonly #guard: Int32Array;
  #disposed: Promise<void> | null = null;

  private constructor(
    actor: Actor<DeviceActor>,
    { memory, guard }: Pick<ExecutorContext, 'memory' | 'guard'>,
    adapter: AdapterReport,
  ) {
    this.#actor = actor;
    this.#memory = memory;
    this.#guard = guard;
    this.adapter = adapter;
    const kind = adapter.software ? 'software adapter' : 'adapter';
    this.workersReason = `${kind} '${adapter.name}' does the steps, from one thread`;
  }

  /** @throws RuntimeError saying why there is no device */
  static async open(context: Omit<ExecutorContext, 'options'>, given: WebGpuOptions): Promise<DeviceExecutor> {
    const { guard, replica } = context;
    const actor = await Actor.start<DeviceActor>(new URL('../actor.js', import.meta.url));
    const answered = new Int32Array(new SharedArrayBuffer(ANSWERED_BYTES));
    const options = deviceOptions(given, replica);
    const { port2 } = new MessageChannel();
    try {
      Atomics.add(guard, GuardWord.busy, 1);
      const adapter = valueOf(await actor.call((remote) => remote.open(options, { guard, answered }, handOver(port2))));
      return new DeviceExecutor(actor, context, adapter);
    } catch (error) {
      await actor.dispose();
      throw error;
    }
  }

  async run(job: Job): Promise<number> {
    const { id, program, placement, start, sources } = job;
    job.control.rearm();
    const task = { id, program, placement, start, sources, memory: this.#memory };
    valueOf(await this.#ask((remote) => remote.run(task)));
    return 0;
  }

  runNow(): never {
    throw new NotImplementedError(
      'webgpu: concrete tensors are computed at once, and in a browser no thread may wait for the device; make a model, and call predict',
      'BROWSER',
    );
  }

  /** Ends the device after its running step, and its thread. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  async #close(): Promise<void> {
    await this.#ask((remote) => remote.close()).catch(() => undefined);
    await this.#actor.dispose();
  }

  async #ask<R>(verb: (remote: Remote<DeviceActor>) => Promise<R>): Promise<R> {
    Atomics.add(this.#guard, GuardWord.busy, 1);
    return this.#actor.call(verb);
  }
}

function valueOf<T>({ failure, value }: Answer<T>): T {
  if (failure) throw errorOf(failure);
  return value as T;
}
