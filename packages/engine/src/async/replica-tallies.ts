import type { ReplicaReport } from './report.js';
import type { Gradient } from './parties.js';
import type { PassReport, ReplicaDriver } from './replica-driver.js';

/** Adds up, over the passes of a run, what its driver tells of each. */
export class ReplicaTallies {
  readonly #strategy: string;
  readonly #batches: number[];
  readonly #busy: number[];
  readonly #staleness: number[] = [];
  readonly #order: Gradient[] | null;
  #seconds = 0;

  constructor(strategy: string, replicas: number, record: boolean) {
    this.#order = record ? [] : null;
    this.#strategy = strategy;
    this.#batches = Array.from({ length: replicas }, () => 0);
    this.#busy = Array.from({ length: replicas }, () => 0);
  }

  add({ staleness, seconds, shares, order }: PassReport): void {
    this.#order?.push(...order);
    this.#seconds += seconds;
    staleness.forEach((count, stale) => {
      this.#staleness[stale] = (this.#staleness[stale] ?? 0) + count;
    });
    shares.forEach(({ batches, busySeconds }, replica) => {
      this.#batches[replica] = (this.#batches[replica] ?? 0) + batches;
      this.#busy[replica] = (this.#busy[replica] ?? 0) + busySeconds;
    });
  }

  /** @param driver - null while there is none yet */
  report(driver: Pick<ReplicaDriver, 'live' | 'devices' | 'lostShare' | 'partialUpdates'> | null): ReplicaReport {
    const seconds = this.#seconds;
    return {
      strategy: this.#strategy,
      seconds,
      updates: {
        applied: this.#staleness.reduce((a, b) => a + b, 0),
        lostShare: driver?.lostShare ?? 0,
        partial: driver?.partialUpdates ?? 0,
      },
      staleness: this.#staleness,
      order: this.#order,
      replicas: this.#batches.map((batches, replica) => {
        const busySeconds = this.#busy[replica] ?? 0;
        return {
          batches,
          batchesPerSecond: seconds > 0 ? batches / seconds : 0,
          busySeconds,
          waitingSeconds: Math.max(0, seconds - busySeconds),
          device: driver?.devices[replica] ?? null,
          lost: driver !== null && !driver.live.includes(replica),
        };
      }),
    };
  }
}
