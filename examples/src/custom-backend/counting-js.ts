import { js } from '@convoy/backend-js';
import { defineBackend } from '@convoy/engine';

/**
 * The js backend with a relu that counts, on all threads together, the values that it gives and those that are 0.
 * All other kernels are js's. Options are data: `counts`, two 64-bit integers, reaches every thread as shared memory.
 */
export function countingJs(counts: SharedArrayBuffer) {
  const kernels = new URL('./kernels.js', import.meta.url);
  return defineBackend({ name: 'counting-js', extends: js(), kernels, options: { counts } });
}
