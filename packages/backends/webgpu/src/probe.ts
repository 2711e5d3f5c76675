import { ConvoyError } from '@convoy/engine';
import { nodeGpu } from './device/node-gpu.js';
import { messageOf, reportOf, type AdapterReport } from './device/open-device.js';

/** Which adapters this process can reach, or why it reaches none. */
export interface GpuProbe {
  /** In the driver's order; the first is the one that `webgpu()` takes. */
  readonly adapters: readonly AdapterReport[];
  /** What is missing, where there are none. */
  readonly reason: string | null;
}

/**
 * Looks for adapters, as `npm run doctor` does. Adapters of one name are one here: the binding has no way to tell two identical cards
 * apart, so each needs a process that sees it alone.
 */
export async function probeGpus(): Promise<GpuProbe> {
  const held: GPU[] = [];
  try {
    const preferred = await adapterOf(held, null);
    if (!preferred)
      return { adapters: [], reason: 'there is no driver for Vulkan, Metal or Direct3D 12 that gives an adapter' };
    const adapters: AdapterReport[] = [];
    for (const name of await names(held)) {
      const adapter = await adapterOf(held, name);
      // By the name that `webgpu({ adapter })` takes.
      if (adapter) adapters[adapter.name === preferred.name ? 'unshift' : 'push']({ ...adapter, name });
    }
    return { adapters, reason: null };
  } catch (error) {
    if (error instanceof ConvoyError) return { adapters: [], reason: error.message };
    throw error;
  } finally {
    // Held until nothing is pending: collecting one of them earlier ends the process.
    held.length = 0;
  }
}

async function adapterOf(held: GPU[], adapter: string | null): Promise<AdapterReport | null> {
  const gpu = await nodeGpu({ adapter });
  held.push(gpu);
  const found = await gpu.requestAdapter();
  return found && reportOf(found);
}

/** Asked for a name that nobody has, Dawn answers with all names. */
async function names(held: GPU[]): Promise<string[]> {
  const gpu = await nodeGpu({ adapter: 'a name that no adapter has' });
  held.push(gpu);
  try {
    await gpu.requestAdapter();
    return [];
  } catch (error) {
    return [...messageOf(error).matchAll(/name: '([^']*)'/g)].map(([, name]) => name);
  }
}
