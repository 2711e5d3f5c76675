import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { RuntimeError } from '@convoy/engine';
import { errorOf, type Executor, type Job } from '@convoy/engine/executors';
import type { SharedMemory } from '@convoy/engine/kernels';
import type { Counts } from './device/counts.js';
import type { AdapterReport } from './device/open-device.js';
import { DeviceThread, guardWords } from './device-thread.js';
import type { WebGpuOptions } from './options.js';
import { GuardWord } from './words.js';

/** Longest wait of a call that must answer at once: a driver may have to compile. */
const NOW_MS = 120_000;
/** Longest wait for the device's thread when the process ends. */
const EXIT_MS = 2000;

/** Has a device do the steps of an engine. */
export class DeviceExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason: string;
  readonly adapter: AdapterReport;
  readonly #thread: DeviceThread;
  readonly #words: Int32Array;
  readonly #answers: MessagePort;
  readonly #onExit = (): void => waitUntilIdle(this.#words);
  #disposed: Promise<void> | null = null;

  private constructor(thread: DeviceThread, words: Int32Array, answers: MessagePort) {
    this.#thread = thread;
    this.#words = words;
    this.#answers = answers;
    this.adapter = thread.adapter;
    this.workersReason = thread.workersReason;
    process.on('exit', this.#onExit);
  }

  /** @throws RuntimeError saying why there is no device */
  static async open(memory: SharedMemory, options: WebGpuOptions): Promise<DeviceExecutor> {
    const words = guardWords();
    const { port1, port2: answers } = new MessageChannel();
    port1.unref();
    const leave = (): void => waitUntilIdle(words);
    process.on('exit', leave);
    try {
      return new DeviceExecutor(await DeviceThread.start({ memory, options, words, answers }), words, port1);
    } catch (error) {
      port1.close();
      throw error;
    } finally {
      process.off('exit', leave);
    }
  }

  run(job: Job): Promise<number> {
    return this.#thread.run(job);
  }

  runNow(job: Job): void {
    if (this.#disposed) throw new RuntimeError('the device was closed; create a new engine', 'DISPOSED');
    const seen = Atomics.load(this.#words, GuardWord.answered);
    this.#thread.call((remote) => remote.runNow(this.#thread.taskOf(job))).catch(() => undefined);
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
  counts(): Promise<Counts> {
    return this.#thread.ask((remote) => remote.counts());
  }

  /** Loses the device as a driver would, for tests of what follows. */
  async lose(): Promise<void> {
    await this.#thread.ask((remote) => remote.lose());
  }

  /** Ends the device after its running step, and its thread. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  async #close(): Promise<void> {
    await this.#thread.call((remote) => remote.close());
    // It ends by itself: a thread that is ended while the device has something pending takes the process with it.
    await this.#thread.ended();
    await this.#thread.dispose();
    this.#answers.close();
    process.off('exit', this.#onExit);
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
