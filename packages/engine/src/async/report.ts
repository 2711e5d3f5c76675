import type { Gradient } from './parties.js';

/** What a run with several replicas has come to. */
export interface ReplicaReport {
  /** Name of the strategy. */
  readonly strategy: string;
  /** Seconds in which replicas could train: all passes, without validation and callbacks. */
  readonly seconds: number;
  readonly updates: {
    /** Updates of the weights, or batches that replicas have trained by themselves. */
    readonly applied: number;
    /**
     * Share of single floats' updates that another thread's store has overwritten, measured on a variable of integers that is added
     * to beside the weights; 0 but under `hogwild`.
     */
    readonly lostShare: number;
    /** Updates that a replica which ended was adding, and had added in part. */
    readonly partial: number;
  };
  /** How many updates were so and so stale, by staleness from 0: others' updates between what one was computed from and it. */
  readonly staleness: readonly number[];
  readonly replicas: readonly ReplicaShare[];
  /** Gradients in the order in which they were applied, where the strategy was asked to record it. */
  readonly order: readonly Gradient[] | null;
}

/** One replica's part in a run. */
export interface ReplicaShare {
  readonly batches: number;
  readonly batchesPerSecond: number;
  /** Seconds that it has computed. */
  readonly busySeconds: number;
  /** Seconds that it has waited, for others or for an answer. */
  readonly waitingSeconds: number;
  /** Name of the device that it has computed on; null: a thread of the processor. */
  readonly device: string | null;
  /** Whether its thread has ended in mid-run. */
  readonly lost: boolean;
}

/** The report as a table for a terminal. */
export function printReport(report: ReplicaReport): string {
  const { updates, staleness } = report;
  const total = staleness.reduce((a, b) => a + b, 0);
  const most = Math.max(1, ...staleness);
  const lines = [
    `${report.strategy}: ${updates.applied} updates in ${report.seconds.toFixed(2)} s, ` +
      `${(100 * updates.lostShare).toFixed(2)} % lost, ${updates.partial} partial`,
    '',
    'replica   batches  per second    busy s  waiting s',
    ...report.replicas.map(({ batches, batchesPerSecond, busySeconds, waitingSeconds, device, lost }, i) =>
      [
        String(i).padStart(7),
        String(batches).padStart(10),
        batchesPerSecond.toFixed(1).padStart(12),
        busySeconds.toFixed(2).padStart(10),
        waitingSeconds.toFixed(2).padStart(11),
        device === null ? '' : `  ${device}`,
        lost ? '  ended' : '',
      ].join(''),
    ),
    '',
    'staleness  updates',
    ...staleness.map((count, stale) => {
      const bar = '█'.repeat(Math.round((30 * count) / most));
      return `${String(stale).padStart(9)} ${String(count).padStart(8)}  ${bar} ${((100 * count) / total).toFixed(1)} %`;
    }),
  ];
  return lines.join('\n');
}
