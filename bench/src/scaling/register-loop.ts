/** Multiply-adds that stay in registers: what the processor gives a thread that shares nothing with the others. */
import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';

const ITERATIONS = 400_000_000;

function spin(iterations: number): number {
  let [a, b, c, d] = [1, 1.1, 1.2, 1.3];
  for (let i = 0; i < iterations; i += 4) {
    a = a * 0.999999 + 1e-6;
    b = b * 0.999999 + 1e-6;
    c = c * 0.999999 + 1e-6;
    d = d * 0.999999 + 1e-6;
  }
  return a + b + c + d;
}

/** Threads that stay, so that their start is not part of what is measured. */
export class RegisterLoop {
  readonly #threads: readonly Worker[];

  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)));
  }

  /** Iterations a second, over the first `threads` threads together. */
  async rate(threads: number): Promise<number> {
    const started = performance.now();
    await Promise.all(
      this.#threads.slice(0, threads).map(async (thread) => {
        thread.postMessage(ITERATIONS);
        await once(thread, 'message');
      }),
    );
    return (threads * ITERATIONS) / ((performance.now() - started) / 1000);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

parentPort?.on('message', (iterations: number) => parentPort?.postMessage(spin(iterations)));
