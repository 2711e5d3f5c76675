import { RuntimeError } from '@convoy/engine';
import type { DeviceOptions } from '../options.js';
import { messageOf } from './open-device.js';

/**
 * WebGPU in Node, from the optional package `webgpu` (Dawn), loaded here and nowhere else.
 *
 * @throws RuntimeError when the package is not there, or does not load on this system
 */
export async function nodeGpu({ adapter }: Pick<DeviceOptions, 'adapter'>): Promise<GPU> {
  try {
    const { create } = await import('webgpu');
    return create(adapter === null ? [] : [`adapter=${adapter}`]);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    throw missing
      ? new RuntimeError("webgpu: the package 'webgpu' is not installed: npm install webgpu@0.6.2", 'GPU_NO_PACKAGE', {
          cause,
        })
      : new RuntimeError(
          `webgpu: the package 'webgpu' does not load on this system: ${messageOf(cause)}. Version 0.6.2 is the tested one`,
          'GPU_ABI',
          { cause },
        );
  }
}
