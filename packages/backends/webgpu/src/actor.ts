/** Entry of the device's thread: the one owner of a GPU device and of all that lies on it. */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { RuntimeError } from '@convoy/engine';
import {
  exposeActor,
  failureOf,
  GuardWord,
  loadKernels,
  type Failure,
  type Job,
  type KernelLibrary,
} from '@convoy/engine/executors';
import type { SharedMemory } from '@convoy/engine/kernels';
import type { Counts } from './device/counts.js';
import { nodeGpu } from './device/node-gpu.js';
import { openDevice, type AdapterReport } from './device/open-device.js';
import { Session } from './device/session.js';
import type { DeviceOptions } from './options.js';
import { DeviceOutputs } from './program/device-outputs.js';
import { DeviceProgram } from './program/device-program.js';
import { DeviceState } from './program/device-state.js';
import { runSteps, type Resident } from './program/run-steps.js';
import { ANSWERED } from './words.js';

/** A job as it crosses: data, and the memory that threads share. */
export interface DeviceTask extends Omit<Job, 'control'> {
  readonly memory: SharedMemory;
}

/** Words that the device's thread shares with others. */
export interface DeviceWords {
  /** Those of all devices of the engine: see `GuardWord`. */
  readonly guard: Int32Array;
  /** Changes when a call that is waited for is done. */
  readonly answered: Int32Array;
}

/** What crosses back: an error as data, or else a value. */
export interface Answer<T> {
  readonly failure: Failure | null;
  readonly value: T | null;
}

/** Programs that stay on the device: those of runs are large, those of single calls small. */
const KEPT = { run: 4, now: 64 } as const;

export class DeviceActor {
  #session: Session | null = null;
  #options: DeviceOptions | null = null;
  /** Until it is told whose. */
  #guard: Int32Array = new Int32Array(2);
  #answered: Int32Array = new Int32Array(1);
  #answers: MessagePort | null = null;
  readonly #libraries = new Map<string, Promise<KernelLibrary>>();
  readonly #programs = { run: new Map<string, Promise<Resident>>(), now: new Map<string, Promise<Resident>>() };

  /** Opens the device. @returns what it is, or why there is none */
  open(options: DeviceOptions, words: DeviceWords, answers: MessagePort): Promise<Answer<AdapterReport>> {
    this.#guard = words.guard;
    this.#answered = words.answered;
    this.#options = options;
    this.#answers = answers;
    return this.#guarded(async () => {
      this.#session = new Session(await openDevice(await nodeGpu(options), options));
      return this.#session.report;
    });
  }

  /** Does the steps of a job. */
  run(task: DeviceTask): Promise<Answer<null>> {
    return this.#guarded(() => this.#steps(task, 'run'));
  }

  /** Does the one step of a job, for a caller that waits on `answered` and then reads the port. */
  async runNow(task: DeviceTask): Promise<void> {
    const { failure } = await this.#guarded(() => this.#steps(task, 'now'));
    this.#answers?.postMessage(failure);
    Atomics.add(this.#answered, ANSWERED, 1);
    Atomics.notify(this.#answered, ANSWERED);
  }

  /** What the device has been asked for so far. */
  counts(): Promise<Answer<Counts>> {
    return this.#guarded(async () => ({ ...this.#opened.counts }));
  }

  /** Loses the device as a driver would, for tests of what follows. */
  lose(): Promise<Answer<null>> {
    return this.#guarded(async () => {
      this.#opened.lose();
      return null;
    });
  }

  /** Gives everything back and ends the thread. */
  close(): Promise<Answer<null>> {
    return this.#guarded(async () => {
      for (const programs of Object.values(this.#programs)) {
        for (const resident of programs.values()) await destroy(resident);
        programs.clear();
      }
      await this.#session?.close();
      this.#session = null;
      // After the answer has gone.
      setTimeout(() => {
        this.#answers?.close();
        parentPort?.close();
      }, 0);
      return null;
    });
  }

  get #opened(): Session {
    if (!this.#session) throw new RuntimeError('the device is not open', 'GPU_CLOSED');
    return this.#session;
  }

  async #steps(task: DeviceTask, kind: 'run' | 'now'): Promise<null> {
    this.#opened.throwIfFailed();
    const resident = await this.#residentOf(task, kind);
    const { memory, placement, start } = task;
    await runSteps(resident, { memory, placement, start, stopped: () => this.#stopped });
    return null;
  }

  get #stopped(): boolean {
    return Atomics.load(this.#guard, GuardWord.stop) !== 0;
  }

  async #residentOf(task: DeviceTask, kind: 'run' | 'now'): Promise<Resident> {
    const programs = this.#programs[kind];
    const known = programs.get(task.id);
    const resident = known ?? this.#build(task);
    programs.delete(task.id);
    programs.set(task.id, resident);
    if (programs.size > KEPT[kind]) {
      const [oldest, evicted] = programs.entries().next().value as [string, Promise<Resident>];
      programs.delete(oldest);
      await destroy(evicted);
    }
    try {
      return await resident;
    } catch (error) {
      programs.delete(task.id);
      throw error;
    }
  }

  async #build({ program, sources, memory }: DeviceTask): Promise<Resident> {
    const key = sources.chain.map(({ url }) => url).join('\n');
    const library = this.#libraries.get(key) ?? loadKernels({ ...sources, plugins: [] }, memory);
    this.#libraries.set(key, library);
    const built = await DeviceProgram.build(this.#opened, program, await library, this.#options?.f16 ?? false);
    try {
      return await this.#opened.checked(`program '${program.name}', its ways up and down`, () => ({
        program: built,
        state: new DeviceState(built),
        outputs: new DeviceOutputs(built),
      }));
    } catch (error) {
      built.destroy();
      throw error;
    }
  }

  /** Errors cross as data; the caller's count of unanswered calls goes down when nothing is pending here. */
  async #guarded<T>(work: () => Promise<T>): Promise<Answer<T>> {
    try {
      if (this.#stopped) throw new RuntimeError('the process is ending', 'GPU_CLOSED');
      return { failure: null, value: await work() };
    } catch (error) {
      // The cause follows its effect: a promise that rejects, then the word that the device is lost.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return { failure: failureOf(this.#session?.failure ?? error, 'device thread'), value: null };
    } finally {
      Atomics.sub(this.#guard, GuardWord.busy, 1);
      Atomics.notify(this.#guard, GuardWord.busy);
    }
  }
}

async function destroy(resident: Promise<Resident>): Promise<void> {
  const made = await resident.catch(() => null);
  if (!made) return;
  made.program.destroy();
  made.state.destroy();
  made.outputs.destroy();
}

exposeActor(new DeviceActor());
