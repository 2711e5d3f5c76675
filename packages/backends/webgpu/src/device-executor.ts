import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { RuntimeError } from '@convoy/engine';
import { Actor, errorOf, handOver, type Executor, type Job, type Remote } from '@convoy/engine/executors';
import type { SharedMemory } from '@convoy/engine/kernels';
import type { Answer, DeviceActor, DeviceTask } from './actor.js';
import type { Counts } from './device/counts.js';
import type { AdapterReport } from './device/open-device.js';
import type { WebGpuOptions } from './options.js';
import { GUARD_BYTES, GuardWord } from './words.js';

/** Longest wait of a call that must answer at once: a driver may have to compile. */
const NOW_MS = 120_000;
/** Longest wait for the device's thread when the process ends. */
const EXIT_MS = 2000;

/** Has a device do the steps of an engine: the caller's end of the thread that owns it. */
export class DeviceExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason: string;
  readonly adapter: AdapterReport;
  readonly #actor: Actor<DeviceActor>;
  readonly #memory: SharedMemory;
  readonly #words: Int32Array;
  readonly #answers: MessagePort;
  readonly #onExit = (): void => this.#leave();
  #disposed: Promise<void> | null = null;

  private constructor(
    actor: Actor<DeviceActor>,
    memory: SharedMemory,
    opened: { words: Int32Array; answers: MessagePort; adapter: AdapterReport },
  ) {
    this.#actor = actor;
    this.#memory = memory;
    this.#words = opened.words;
    this.#answers = opened.answers;
    this.adapter = opened.adapter;
    const kind = opened.adapter.software ? 'software adapter' : 'adapter';
    this.workersReason = `${kind} '${opened.adapter.name}' does the steps, from one thread`;
    process.on('exit', this.#onExit);
  }

  /** @throws RuntimeError saying why there is no device */
  static async open(memory: SharedMemory, options: WebGpuOptions): Promise<DeviceExecutor> {
    const actor = await Actor.start<DeviceActor>(new URL('./actor.js', import.meta.url));
    const words = new Int32Array(new SharedArrayBuffer(GUARD_BYTES));
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const leave = (): void => waitUntilIdle(words);
    process.on('exit', leave);
    try {
      Atomics.add(words, GuardWord.busy, 1);
      const adapter = valueOf(await actor.call((remote) => remote.open(options, words, handOver(port2))));
      return new DeviceExecutor(actor, memory, { words, answers: port1, adapter });
    } catch (error) {
      port1.close();
      await actor.dispose();
      throw error;
    } finally {
      process.off('exit', leave);
    }
  }

  async run(job: Job): Promise<number> {
    job.control.rearm();
    refuseFailure(await this.#ask((remote) => remote.run(this.#taskOf(job))));
    return 0;
  }

  runNow(job: Job): void {
    this.#refuseDisposed();
    const seen = Atomics.load(this.#words, GuardWord.answered);
    this.#ask((remote) => remote.runNow(this.#taskOf(job))).catch(() => undefined);
    const outcome = Atomics.wait(this.#words, GuardWord.answered, seen, NOW_MS);
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
    process.off('exit', this.#onExit);
  }

  async #ask<R>(verb: (remote: Remote<DeviceActor>) => Promise<R>): Promise<R> {
    Atomics.add(this.#words, GuardWord.busy, 1);
    return this.#actor.call(verb);
  }

  #taskOf({ id, program, placement, start, sources }: Job): DeviceTask {
    return { id, program, placement, start, sources, memory: this.#memory };
  }

  #refuseDisposed(): void {
    if (this.#disposed) throw new RuntimeError('the device was closed; create a new engine', 'DISPOSED');
  }

  #leave(): void {
    waitUntilIdle(this.#words);
  }
}

/** The end of the process must not meet a pending promise of the device: asks its thread to leave, and waits, but not for ever. */
function waitUntilIdle(words: Int32Array): void {
  Atomics.store(words, GuardWord.stop, 1);
  const end = Date.now() + EXIT_MS;
  for (let busy = Atomics.load(words, GuardWord.busy); busy > 0; busy = Atomics.load(words, GuardWord.busy)) {
    if (Atomics.wait(words, GuardWord.busy, busy, Math.max(0, end - Date.now())) === 'timed-out') return;
  }
}

function refuseFailure({ failure }: Answer<unknown>): void {
  if (failure) throw errorOf(failure);
}

function valueOf<T>(answer: Answer<T>): T {
  refuseFailure(answer);
  return answer.value as T;
}
