/** In place of `device/node-gpu.ts`: the browser's own WebGPU. */
import { RuntimeError } from '@convoy/engine';
import type { DeviceOptions } from '../options.js';

declare const navigator: { readonly gpu?: GPU };

/** @throws RuntimeError where the browser has none, or is to choose an adapter by its name */
export async function nodeGpu({ adapter }: Pick<DeviceOptions, 'adapter'>): Promise<GPU> {
  if (adapter !== null) {
    throw new RuntimeError(
      `webgpu({ adapter: '${adapter}' }): a browser chooses the adapter itself; leave it out, or give powerPreference`,
      'GPU_NO_ADAPTER',
    );
  }
  if (navigator.gpu) return navigator.gpu;
  throw new RuntimeError(
    'webgpu: this browser has no WebGPU, or gives it to secure pages only (https, or 127.0.0.1)',
    'GPU_NO_PACKAGE',
  );
}
