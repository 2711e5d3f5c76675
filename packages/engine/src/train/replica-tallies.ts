import type { ReplicaReport } from '../async/report.js';
import { LineWord } from '../async/threads/run-layout.js';
import type { ReplicaThreads } from '../async/threads/replica-threads.js';

/** Adds up, over the passes of a run, what its threads have counted. */
export class ReplicaTallies {
  readonly #strategy: string;
  readonly #batches: number[];
  readonly #busy: number[];
  readonly #staleness: number[] = [];
  #seconds = 0;

  constructor(strategy: string, replicas: number) {
    this.#strategy = strategy;
    this.#batches = Array.from({ length: replicas }, () => 0);
    this.#busy = Array.from({ length: replicas }, () => 0);
  }

  /** After a pass. */
  add(threads: ReplicaThreads, staleness: readonly number[], seconds: number): void {
    this.#seconds += seconds;
    staleness.forEach((count, stale) => {
      this.#staleness[stale] = (this.#staleness[stale] ?? 0) + count;
    });
    for (const replica of this.#batches.keys()) {
      this.#batches[replica] = (this.#batches[replica] ?? 0) + threads.word(replica, LineWord.units);
      this.#busy[replica] = (this.#busy[replica] ?? 0) + threads.word(replica, LineWord.busy) / 10_000;
    }
  }

  report(threads: ReplicaThreads | null): ReplicaReport {
    const seconds = this.#seconds;
    return {
      strategy: this.#strategy,
      seconds,
      updates: {
        applied: this.#staleness.reduce((a, b) => a + b, 0),
        lostShare: threads?.lostShare ?? 0,
        partial: threads?.partialUpdates ?? 0,
      },
      staleness: this.#staleness,
      replicas: this.#batches.map((batches, replica) => {
        const busySeconds = this.#busy[replica] ?? 0;
        return {
          batches,
          batchesPerSecond: seconds > 0 ? batches / seconds : 0,
          busySeconds,
          waitingSeconds: Math.max(0, seconds - busySeconds),
          lost: threads !== null && !threads.live.includes(replica),
        };
      }),
    };
  }
}
