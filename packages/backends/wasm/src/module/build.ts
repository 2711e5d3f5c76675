import { readFileSync } from 'node:fs';

/** The same source without and with fused multiply-adds (relaxed SIMD), whose results differ in the last bits. */
export type Build = 'simd' | 'relaxed';

/** The kernels of a build, compiled once for all threads. */
export interface CompiledBuild {
  readonly build: Build;
  readonly module: WebAssembly.Module;
}

/** The relaxed build where this Node can run it, unless the same bits are wanted on every machine. */
export function compileBuild(reproducible: boolean): CompiledBuild {
  const relaxed = reproducible ? null : bytesOf('relaxed');
  if (relaxed !== null && WebAssembly.validate(relaxed)) {
    return { build: 'relaxed', module: new WebAssembly.Module(relaxed) };
  }
  return { build: 'simd', module: new WebAssembly.Module(bytesOf('simd')) };
}

function bytesOf(build: Build): Buffer {
  return readFileSync(new URL(`../kernels-${build}.wasm`, import.meta.url));
}
