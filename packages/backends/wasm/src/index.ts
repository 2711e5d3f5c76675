/**
 * The default backend: SIMD kernels in WebAssembly.
 *
 * @packageDocumentation
 */
import { checkOptions, defineBackend, ValueError, type Backend } from '@convoy/engine';
import type { WasmOptions } from './module/instantiate.js';
import { compileBuild } from './module/build.js';

/** How `wasm` computes. */
export interface WasmBackendOptions {
  /**
   * Whether 3×3 convolutions with stride 1 are computed by Winograd's algorithm where that is faster. Its results differ from the
   * exact ones by at most 2e-5 of the largest. Default: true.
   */
  readonly winograd?: boolean;
  /**
   * Whether results are the same bits on every machine and every version of Node. Else multiply-adds are fused (rounded once)
   * where Node can do that: by default from version 22 on, on 20 with `--experimental-wasm-relaxed-simd`. Default: false.
   */
  readonly reproducible?: boolean;
}

/**
 * Every kernel in WebAssembly with SIMD, over the engine's shared memory.
 *
 * @throws ValueError for an unknown option, or one that is not true or false
 */
export function wasm(given: WasmBackendOptions = {}): Backend {
  checkOptions('wasm', given, ['winograd', 'reproducible']);
  const { winograd = true, reproducible = false } = given;
  checkFlag('winograd', winograd);
  checkFlag('reproducible', reproducible);
  const { build, module } = compileBuild(reproducible);
  const options: WasmOptions = { module, convolution: winograd ? 'byRule' : 'exactByRule' };
  return defineBackend({ name: 'wasm', build, kernels: new URL('./kernels.js', import.meta.url), options });
}

function checkFlag(name: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new ValueError(`wasm: ${name} must be true or false, got ${String(value)}`, 'OPTION');
}
