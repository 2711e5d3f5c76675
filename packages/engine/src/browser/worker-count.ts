/** In place of `execute/worker-count.ts`. */
import { describeValue } from '../define/plugin/describe-value.js';
import { NotImplementedError } from '../errors.js';
import type { WorkerCount } from '../execute/worker-count.js';

/** @throws NotImplementedError for more than one thread */
export function workerCount(workers: number | 'auto' | 'inline'): WorkerCount {
  if (workers === 'auto' || workers === 'inline' || workers === 1)
    return { count: 1, reason: "on the caller's thread" };
  throw new NotImplementedError(
    `createEngine: workers is ${describeValue(workers)}, and in a browser kernels of the CPU run on the caller's thread; leave it out`,
    'BROWSER',
  );
}
