import { wasm } from '@convoy/backend-wasm';
import { defineBackend, type Backend } from '@convoy/engine';
import { Slow, type StragglerOptions } from './kernels.js';

/**
 * The wasm backend with one thread that takes several times as long for every kernel, like a core that has other work too. It is the
 * first thread that computes after `choose`, a worker of the engine or a replica; the others, and the owner of the parameters, keep
 * their speed.
 */
export class Straggler {
  readonly backend: Backend;
  readonly #word: Int32Array;

  constructor(times: number) {
    const slow = new SharedArrayBuffer(4);
    this.#word = new Int32Array(slow);
    this.#word[0] = Slow.nobody;
    const [base] = wasm().modules;
    const options: StragglerOptions = { base: { url: base.url, options: base.options }, times, slow };
    this.backend = defineBackend({ name: 'wasm', kernels: new URL('./kernels.js', import.meta.url), options });
  }

  /** The next thread that computes is the slow one. */
  choose(): void {
    Atomics.store(this.#word, 0, Slow.firstToCompute);
  }

  /** Does something at full speed. */
  async rest<T>(action: () => Promise<T>): Promise<T> {
    const chosen = Atomics.exchange(this.#word, 0, Slow.nobody);
    try {
      return await action();
    } finally {
      Atomics.store(this.#word, 0, chosen);
    }
  }
}
