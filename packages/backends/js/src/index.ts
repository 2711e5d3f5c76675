/**
 * The reference backend.
 *
 * @packageDocumentation
 */
import { defineBackend, type Backend } from '@convoy/engine';

/** The reference backend: every kernel in plain JavaScript, to be read. */
export function js(): Backend {
  return defineBackend({ name: 'js', kernels: new URL('./kernels.js', import.meta.url) });
}
