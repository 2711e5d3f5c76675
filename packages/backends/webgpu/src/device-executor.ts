import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { RuntimeError } from '@convoy/engine';
import { errorOf, type Executor, type ExecutorContext, type Job } from '@convoy/engine/executors';
import type { Counts } from './device/counts.js';
import type { AdapterReport } from './device/open-device.js';
import { DeviceThread } from './device-thread.js';
import { adaptersIn, deviceOptions, type WebGpuOptions } from './options.js';
import { ANSWERED, answeredWord } from './words.js';

/** Longest wait of a call that must answer at once: a driver may have to compile. */
const NOW_MS = 120_000;

/** Has a device do the steps of an engine. */
export class DeviceExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason: string;
  readonly device: string;
  readonly replicas: number;
  readonly adapter: AdapterReport;
  readonly #thread: DeviceThread;
  readonly #answered: Int32Array;
  readonly #answers: MessagePort;
  #disposed: Promise<void> | null = null;

  private constructor(thread: DeviceThread, replicas: number, answered: Int32Array, answers: MessagePort) {
    this.#thread = thread;
    this.#answered = answered;
    this.#answers = answers;
    this.replicas = replicas;
    this.adapter = thread.adapter;
    this.device = thread.adapter.name;
    this.workersReason = thread.workersReason;
  }

  /** @throws RuntimeError saying why there is no device */
  static async open(context: Omit<ExecutorContext, 'options'>, given: WebGpuOptions): Promise<DeviceExecutor> {
    const { memory, guard, replica } = context;
    const answered = answeredWord();
    const { port1, port2: answers } = new MessageChannel();
    port1.unref();
    const options = deviceOptions(given, replica);
    try {
      const thread = await DeviceThread.start({ memory, options, words: { guard, answered }, answers });
      return new DeviceExecutor(thread, adaptersIn(given), answered, port1);
    } catch (error) {
      port1.close();
      throw error;
    }
  }

  run(job: Job): Promise<number> {
    return this.#thread.run(job);
  }

  runNow(job: Job): void {
    if (this.#disposed) throw new RuntimeError('the device was closed; create a new engine', 'DISPOSED');
    const seen = Atomics.load(this.#answered, ANSWERED);
    this.#thread.call((remote) => remote.runNow(this.#thread.taskOf(job))).catch(() => undefined);
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
  }
}
