/** In place of `module/build.ts`: in a browser there are no pool threads over shared WebAssembly memory. */
import { NotImplementedError } from '@convoy/engine';

/** @throws NotImplementedError, always */
export function compileBuild(): never {
  throw new NotImplementedError(
    "wasm: this backend needs Node's files and threads; in a page take webgpu() of @convoy/backend-webgpu, or js() of @convoy/backend-js " +
      'where there is no WebGPU',
    'BROWSER',
  );
}
