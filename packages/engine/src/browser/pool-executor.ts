/** In place of `execute/pool-executor.ts`: a browser has no piscina, and kernels of the CPU run on the caller's thread. */
export { InlineExecutor as PoolExecutor } from '../execute/inline-executor.js';
