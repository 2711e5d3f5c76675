import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { inject, injectable } from '../di.js';
import { RuntimeError } from '../errors.js';
import { Poison, Word } from '../memory/control.js';
import type { Arena } from '../memory/arena.js';
import type { Executor, Job } from './executor.js';
import { errorOf, type Failure } from './failure.js';
import { ARENA, WORKERS } from './tokens.js';
import type { WorkerCount } from './worker-count.js';
import type { WorkerTask } from './worker.js';

/** Attempts at one step before dying threads are taken for a fault of the step. */
const ATTEMPTS = 3;

/**
 * A gang of piscina threads: one task for each thread, all or none. A thread that dies in mid-step voids the step;
 * it is done again, from the committed side, once the thread's exit is known and another has taken its place.
 */
@injectable()
export class PoolExecutor implements Executor {
  readonly workers: number;
  readonly workersReason: string;
  readonly #arena: Arena;
  /** Started by the first run. */
  #pool: Piscina<WorkerTask, Failure | null> | null = null;
  #bootFailure: Error | null = null;

  constructor(@inject(ARENA) arena: Arena, @inject(WORKERS) { count, reason }: WorkerCount) {
    this.#arena = arena;
    this.workers = count;
    this.workersReason = reason;
  }

  async run(job: Job): Promise<number> {
    let lost = 0;
    for (let attempt = 1, stuckAt = -1; ; attempt++) {
      job.control.rearm();
      const deaths = await this.#gang(job);
      if (deaths.length === 0) return lost;
      lost += deaths.length;
      const step = job.control.load(Word.committed);
      if (step !== stuckAt) [attempt, stuckAt] = [1, step];
      if (attempt >= ATTEMPTS) {
        throw new RuntimeError(
          `step ${step}: worker threads died ${attempt} times in a row (${deaths[0]?.message}); ` +
            `the weights are those of the last whole step`,
          'WORKER_DIED',
          { cause: deaths[0] },
        );
      }
    }
  }

  /** One attempt. Returns the errors of threads that died. */
  async #gang(job: Job): Promise<Error[]> {
    const pool = this.#start();
    const { control, start, program, placement, id, sources } = job;
    const spin = this.workers <= availableParallelism();
    const tasks = Array.from({ length: this.workers }, async (_, rank) => {
      try {
        const { memory } = this.#arena;
        return await pool.run({ id, memory, program, placement, start, sources, members: this.workers, rank, spin });
      } catch (error) {
        control.poison(Poison.failed);
        return error instanceof Error ? error : new Error(String(error));
      }
    });
    const results = await Promise.all(tasks);
    const failure = results.find((r): r is Failure => r !== null && !(r instanceof Error));
    if (failure) throw errorOf(failure);
    if (this.#bootFailure)
      throw new RuntimeError('worker threads cannot start', 'WORKER_START', { cause: this.#bootFailure });
    return results.filter((r) => r instanceof Error);
  }

  #start(): Piscina<WorkerTask, Failure | null> {
    if (this.#pool) return this.#pool;
    const pool: Piscina<WorkerTask, Failure | null> = new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: this.workers,
      maxThreads: this.workers,
      concurrentTasksPerWorker: 1,
      idleTimeout: Infinity,
    });
    // Threads that fail while they start have no task to report to.
    pool.on('error', (error: Error) => {
      this.#bootFailure = error;
    });
    this.#pool = pool;
    return pool;
  }

  async dispose(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = null;
  }
}
