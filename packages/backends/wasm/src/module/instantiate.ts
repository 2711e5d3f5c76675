import type { KernelContext } from '@convoy/engine/kernels';
import type { AlgorithmChoice } from '../convolution/algorithm.js';
import type { Finisher } from '../elementwise/finisher.js';
import type { Exports } from './exports.js';

/** What `wasm()` hands to every thread. */
export interface WasmOptions {
  readonly module: WebAssembly.Module;
  readonly convolution: AlgorithmChoice;
}

/** The functions of the build, on the engine's memory; each thread has an instance of its own. */
export function instantiate({ memory, options }: KernelContext, finisher: Finisher): Exports {
  const { module } = options as WasmOptions;
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('the memory is not a WebAssembly.Memory');
  return new WebAssembly.Instance(module, { env: { memory }, finished: { finished: finisher.finished } })
    .exports as Exports;
}
