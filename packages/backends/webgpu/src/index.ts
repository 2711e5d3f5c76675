/**
 * The GPU backend: every kernel in WGSL, through WebGPU; in Node by way of the optional package `webgpu` (Dawn).
 *
 * @packageDocumentation
 */
import { checkOptions, defineBackend, describeValue, ValueError, type Backend } from '@convoy/engine';
import type { WebGpuOptions } from './options.js';

export type { AdapterReport } from './device/open-device.js';
export { probeGpus, type GpuProbe } from './probe.js';

/** Which device computes, and how. */
export interface WebGpuBackendOptions {
  /**
   * A part of an adapter's name, as `npm run doctor` lists them. Of a list the engine uses the first, and replica i of a strategy number i, beginning
   * again after the last. Default: the one that the driver prefers.
   */
  readonly adapter?: string | readonly string[];
  /**
   * Whether activations are stored in float16, where the adapter can do that: half the memory traffic, sums and weights in float32 as
   * ever. Default: false.
   */
  readonly f16?: boolean;
  /**
   * Whether long sums and softmax rows are computed with operations of subgroups, where the adapter has them; false takes the forms in workgroup memory, which
   * it has without. Default: true.
   */
  readonly subgroups?: boolean;
  /** Which adapter the driver should prefer, where there are several. */
  readonly powerPreference?: 'low-power' | 'high-performance';
}

/**
 * Has a GPU do the steps: parameters, slots and activations stay on the device, and the caller's code is that of any backend.
 *
 * @throws ValueError for an unknown option, or a value that it does not take
 */
export function webgpu(given: WebGpuBackendOptions = {}): Backend {
  checkOptions('webgpu', given, ['adapter', 'f16', 'powerPreference', 'subgroups']);
  const { adapter = null, f16 = false, powerPreference = null, subgroups = true } = given;
  check(
    'adapter',
    adapter,
    adapter === null || areNames(adapter),
    'a part of a name, or a list of such that is not empty',
  );
  check('f16', f16, typeof f16 === 'boolean', 'true or false');
  check('subgroups', subgroups, typeof subgroups === 'boolean', 'true or false');
  const preferences: readonly unknown[] = [null, 'low-power', 'high-performance'];
  check('powerPreference', powerPreference, preferences.includes(powerPreference), `'low-power' or 'high-performance'`);
  const options: WebGpuOptions = { adapter, f16, powerPreference, subgroups };
  const build = [f16 ? 'float16 activations' : '', subgroups ? '' : 'no subgroups']
    .filter((each) => each !== '')
    .join(', ');
  return defineBackend({
    name: 'webgpu',
    ...(build === '' ? {} : { build }),
    kernels: new URL('./kernels.js', import.meta.url),
    executor: new URL('./executor.js', import.meta.url),
    options,
  });
}

function areNames(adapter: unknown): boolean {
  const names: readonly unknown[] = Array.isArray(adapter) ? adapter : [adapter];
  return names.length > 0 && names.every((name) => typeof name === 'string' && name !== '');
}

function check(name: string, value: unknown, holds: boolean, wanted: string): void {
  if (!holds) throw new ValueError(`webgpu: ${name} must be ${wanted}, got ${describeValue(value)}`, 'OPTION');
}
