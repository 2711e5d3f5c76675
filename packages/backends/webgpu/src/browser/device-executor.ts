/** In place of `device-executor.ts`: the device's thread is a web worker, which may be ended at any time. */
import { NotImplementedError } from '@convoy/engine';
import type { Executor, ExecutorContext, Job } from '@convoy/engine/executors';
import type { AdapterReport } from '../device/open-device.js';
import { DeviceThread } from '../device-thread.js';
import { deviceOptions, type WebGpuOptions } from '../options.js';
import { answeredWord } from '../words.js';

/** Has a device do the steps of an engine. */
export class DeviceExecutor implements Executor {
  readonly workers = 1;
  readonly workersReason: string;
  readonly adapter: AdapterReport;
  readonly #thread: DeviceThread;
  #disposed: Promise<void> | null = null;

  private constructor(thread: DeviceThread) {
    this.#thread = thread;
    this.adapter = thread.adapter;
    this.workersReason = thread.workersReason;
  }

  /** @throws RuntimeError saying why there is no device */
  static async open(context: Omit<ExecutorContext, 'options'>, given: WebGpuOptions): Promise<DeviceExecutor> {
    const { memory, guard, replica } = context;
    const { port2: answers } = new MessageChannel();
    const words = { guard, answered: answeredWord() };
    const options = deviceOptions(given, replica);
    return new DeviceExecutor(await DeviceThread.start({ memory, options, words, answers }));
  }

  run(job: Job): Promise<number> {
    return this.#thread.run(job);
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
    await this.#thread.call((remote) => remote.close()).catch(() => undefined);
    await this.#thread.dispose();
  }
}
