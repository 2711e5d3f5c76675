/**
 * The default backend: SIMD kernels in WebAssembly.
 *
 * @packageDocumentation
 */
import { checkOptions, defineBackend, type Backend } from '@convoy/engine';
import type { WasmOptions } from './module/instantiate.js';
import { compileBuild } from './module/build.js';

/** How `wasm` computes. */
export interface WasmBackendOptions {
  /**
   * Whether 3×3 convolutions with stride 1 are computed by Winograd's algorithm where that is faster. Its results differ from the
   * direct sum by at most 2e-5 of the largest one. Default: true.
   */
  readonly winograd?: boolean;
}

/**
 * Every kernel in WebAssembly with SIMD, over the engine's shared memory.
 *
 * @throws ValueError for an unknown option
 */
export function wasm(given: WasmBackendOptions = {}): Backend {
  checkOptions('wasm', given, ['winograd']);
  const { winograd = true } = given;
  const options: WasmOptions = { module: compileBuild('simd'), convolution: winograd ? 'byRule' : 'direct' };
  return defineBackend({ name: 'wasm', kernels: new URL('./kernels.js', import.meta.url), options });
}
