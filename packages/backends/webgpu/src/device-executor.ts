import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { RuntimeError } from '@convoy/engine';
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
import type { Answer, DeviceActor, DeviceTask } from './actor.js';
import type { Counts } from './device/counts.js';
import type { AdapterReport } from './device/open-device.js';
import { deviceOptions, type WebGpuOptions } from './options.js';
import { ANSWERED, ANSWERED_BYTES } from './words.js';

/** Longest wait of a call that must answer at once: a driver may have to compile. */
const NOW_MS = 120_000;

/** Has a device do the steps of an engine: the caller's end of the thread that owns it. */
export class DeviceExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason: string;
  readonly device: string;
  readonly replicas: number;
  readonly adapter: AdapterReport;
  readonly #actor: Actor<DeviceActor>;
  readonly #memory: SharedMemory;
  readonly #guard: Int32Array;
  readonly #answered: Int32Array;
  readonly #answers: MessagePort;
  #disposed: Promise<void> | null = null;

  private constructor(
    actor: Actor<DeviceActor>,
    { memory, guard }: Pick<ExecutorContext, 'memory' | 'guard'>,
    opened: { answered: Int32Array; answers: MessagePort; adapter: AdapterReport; adapters: number },
  ) {
    this.#actor = actor;
    this.#memory = memory;
    this.#guard = guard;
    this.#answered = opened.answered;
    this.#answers = opened.answers;
    this.adapter = opened.adapter;
    this.device = opened.adapter.name;
    this.replicas = opened.adapters;
    const kind = opened.adapter.software ? 'software adapter' : 'adapter';
    this.workersReason = `${kind} '${opened.adapter.name}' does the steps, from one thread`;
  }

  /** @throws RuntimeError saying why there is no device */
  static async open(context: Omit<ExecutorContext, 'options'>, given: WebGpuOptions): Promise<DeviceExecutor> {
    const { guard, replica } = context;
    const actor = await Actor.start<DeviceActor>(new URL('./actor.js', import.meta.url));
    const answered = new Int32Array(new SharedArrayBuffer(ANSWERED_BYTES));
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const options = deviceOptions(given, replica);
    try {
      Atomics.add(guard, GuardWord.busy, 1);
      const opening = actor.call((remote) => remote.open(options, { guard, answered }, handOver(port2)));
      const adapters = Array.isArray(given.adapter) ? given.adapter.length : 1;
      return new DeviceExecutor(actor, context, {
        answered,
        answers: port1,
        adapter: valueOf(await opening),
        adapters,
      });
    } catch (error) {
      port1.close();
      await actor.dispose();
      throw error;
    }
  }

  async run(job: Job): Promise<number> {
    job.control.rearm();
    refuseFailure(await this.#ask((remote) => remote.run(this.#taskOf(job))));
    return 0;
  }

  runNow(job: Job): void {
    this.#refuseDisposed();
    const seen = Atomics.load(this.#answered, ANSWERED);
    this.#ask((remote) => remote.runNow(this.#taskOf(job))).catch(() => undefined);
    const outcome = Atomics.wait(this.#answered, ANSWERED, seen, NOW_MS);
    if (outcome === 'timed-out') {
      throw new RuntimeError(
        `the device '${this.adapter.name}' does not answer within ${NOW_MS / 1000} s`,
        'GPU_TIMEOUT',
      );
    }
    const answer = receiveMessageOnPort(this.#answers);
    if (answer?.message) throw errorOf(answer.message);
  }

  /** What the device has been asked for so far. */
  async counts(): Promise<Counts> {
    return valueOf(await this.#ask((remote) => remote.counts()));
  }

  /** Loses the device as a driver would, for tests of what follows. */
  async lose(): Promise<void> {
    refuseFailure(await this.#ask((remote) => remote.lose()));
  }

  /** Ends the device after its running step, and its thread. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  async #close(): Promise<void> {
    await this.#ask((remote) => remote.close());
    // It ends by itself: a thread that is ended while the device has something pending takes the process with it.
    await this.#actor.call(() => this.#actor.died).catch(() => undefined);
    await this.#actor.dispose();
    this.#answers.close();
  }

  async #ask<R>(verb: (remote: Remote<DeviceActor>) => Promise<R>): Promise<R> {
    Atomics.add(this.#guard, GuardWord.busy, 1);
    return this.#actor.call(verb);
  }

  #taskOf({ id, program, placement, start, sources }: Job): DeviceTask {
    return { id, program, placement, start, sources, memory: this.#memory };
  }

  #refuseDisposed(): void {
    if (this.#disposed) throw new RuntimeError('the device was closed; create a new engine', 'DISPOSED');
  }
}

function refuseFailure({ failure }: Answer<unknown>): void {
  if (failure) throw errorOf(failure);
}

function valueOf<T>(answer: Answer<T>): T {
  refuseFailure(answer);
  return answer.value as T;
}
