/** In place of `async/threads/replica-threads.ts`. */
import { NotImplementedError } from '../errors.js';

export const ReplicaThreads = {
  async start(): Promise<never> {
    throw new NotImplementedError('fit: strategies need the threads of Node; leave the strategy out', 'BROWSER');
  },
};
