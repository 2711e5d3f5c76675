import type { FitOptions, Model, ReplicaReport } from '@convoy/engine';

export interface TimedFit {
  /** Of the epoch: without the start of threads. */
  readonly seconds: number;
  /** Null for synchronous training. */
  readonly report: ReplicaReport | null;
}

/** One epoch. */
export async function timedFit(
  model: Model,
  data: { x: Float32Array; y: Int32Array },
  options: FitOptions,
): Promise<TimedFit> {
  let seconds = Number.NaN;
  let report: ReplicaReport | null = null;
  for await (const event of model.fit(data, options)) {
    if (event.type === 'epochEnd') ({ seconds } = event);
    if (event.type === 'end') ({ report } = event.history);
  }
  return { seconds, report };
}

/** How stale an update was on average. */
export function meanStaleness({ staleness }: ReplicaReport): number {
  const updates = staleness.reduce((sum, count) => sum + count, 0);
  return staleness.reduce((sum, count, stale) => sum + stale * count, 0) / Math.max(1, updates);
}
