import { readFileSync } from 'node:fs';

/** The same source with and without fused multiply-adds, whose results differ in the last bits. */
export type Build = 'simd' | 'relaxed';

/** Compiles the bytes of a build, once for all threads. */
export function compileBuild(build: Build): WebAssembly.Module {
  return new WebAssembly.Module(bytesOf(build));
}

function bytesOf(build: Build): Buffer {
  return readFileSync(new URL(`../kernels-${build}.wasm`, import.meta.url));
}
