import { availableParallelism } from 'node:os';
import { describeValue } from '../define/plugin/describe-value.js';
import { ValueError } from '../errors.js';
import { cpuQuota } from './cpu-quota.js';

/** How many threads compute, and why so many. */
export interface WorkerCount {
  readonly count: number;
  /** To be read after the number. */
  readonly reason: string;
}

/** @throws ValueError for what is no number of workers */
export function workerCount(workers: number | 'auto' | 'inline'): WorkerCount {
  if (workers === 'inline') return { count: 1, reason: "on the caller's thread" };
  if (workers === 'auto') return automatic(availableParallelism(), cpuQuota());
  if (!Number.isInteger(workers) || workers < 1 || workers > 256) {
    throw new ValueError(
      `createEngine: workers must be a positive integer up to 256, 'auto' or 'inline', got ${describeValue(workers)}`,
      'OPTION',
    );
  }
  return { count: workers, reason: 'as asked' };
}

/** One for each processor; threads beyond a quota of processor time would make each other wait at every barrier. */
export function automatic(processors: number, quota: number | null): WorkerCount {
  const available = processors === 1 ? 'the one processor' : `each of the ${processors} processors`;
  if (quota === null || quota >= processors) {
    return { count: processors, reason: `one for ${available} that this process may use` };
  }
  const worth = Number.isInteger(quota) ? String(quota) : quota.toFixed(2);
  return {
    count: Math.max(1, Math.floor(quota)),
    reason: `the processor time of ${worth} that a control group allows, of ${processors} processors`,
  };
}
