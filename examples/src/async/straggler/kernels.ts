import { threadId } from 'node:worker_threads';
import { defineKernels, type BoundKernel, type Kernel, type KernelFactory } from '@convoy/engine/kernels';

/** Options of this module. */
export interface StragglerOptions {
  /** Kernel module of the backend that computes. */
  readonly base: { readonly url: string; readonly options: object };
  /** How many times as long the slow thread takes. */
  readonly times: number;
  /** One int32 in shared memory: see `Slow`. */
  readonly slow: SharedArrayBuffer;
}

/** What the shared word says; else it is the id of the slow thread. */
export const Slow = { nobody: -1, firstToCompute: 0 } as const;

/** The kernels of another backend, which on the slow thread keep its core busy for the rest of `times` their time. */
export default defineKernels(async ({ memory, options }) => {
  const { base, times, slow } = options as StragglerOptions;
  const word = new Int32Array(slow);
  const { default: load } = (await import(base.url)) as { default: KernelFactory };
  const table = await load({ memory, options: base.options });

  /** The main thread, whose id is 0, is never slow. */
  const isSlow = (): boolean => {
    const found = Atomics.load(word, 0);
    if (found !== Slow.firstToCompute || threadId === 0) return found === threadId && threadId !== 0;
    return Atomics.compareExchange(word, 0, Slow.firstToCompute, threadId) === Slow.firstToCompute;
  };
  const stretched = (compute: BoundKernel): BoundKernel => {
    return (run) => {
      if (!isSlow()) {
        compute(run);
        return;
      }
      const start = performance.now();
      compute(run);
      const end = start + times * (performance.now() - start);
      while (performance.now() < end);
    };
  };
  const wrap = (kernel: Kernel): Kernel => ({ ...kernel, bind: (call) => stretched(kernel.bind(call)) });
  return Object.fromEntries(Object.entries(table).map(([name, kernel]) => [name, wrap(kernel)]));
});
