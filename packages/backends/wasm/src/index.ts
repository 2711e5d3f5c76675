/**
 * The default backend: SIMD kernels in WebAssembly.
 *
 * @packageDocumentation
 */
import { defineBackend, type Backend } from '@convoy/engine';
import { compileBuild } from './module/build.js';

/** Every kernel in WebAssembly with SIMD, over the engine's shared memory. */
export function wasm(): Backend {
  const options = { module: compileBuild('simd') };
  return defineBackend({ name: 'wasm', kernels: new URL('./kernels.js', import.meta.url), options });
}
