import { RuntimeError } from '@convoy/engine';
import type { DeviceOptions } from '../options.js';

/** What is known of an adapter; in reports a software one must be called that. */
export interface AdapterReport {
  /** As the driver names it. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly driver: string;
  /** Whether it computes on the CPU: then it proves results, and its speed says nothing of a GPU. */
  readonly software: boolean;
  readonly features: readonly string[];
  /** Fewest and most threads of a subgroup, where the adapter has them and says so. */
  readonly subgroupSizes: readonly [fewest: number, most: number] | null;
  readonly limits: Readonly<Record<string, number>>;
}

/** What must live as long as the device is used: collecting `gpu` ends the process. */
export interface OpenDevice {
  readonly gpu: GPU;
  readonly device: GPUDevice;
  readonly report: AdapterReport;
}

/** Limits that are raised to what the adapter has; kernels need no more than the defaults. */
const RAISED = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage'] as const;

const REPORTED = [
  ...RAISED,
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** @throws RuntimeError saying what is missing: the package, a driver, or the device */
export async function openDevice(gpu: GPU, options: DeviceOptions): Promise<OpenDevice> {
  const adapter = await adapterOf(gpu, options);
  const report = reportOf(adapter);
  const f16 = adapter.features.has('shader-f16');
  if (options.f16 && !f16) {
    throw new RuntimeError(
      `webgpu({ f16: true }): adapter '${report.name}' has no feature 'shader-f16'; leave f16 out, or name another adapter`,
      'GPU_FEATURE',
    );
  }
  try {
    const device = await adapter.requestDevice({
      requiredFeatures: [
        ...(options.f16 ? (['shader-f16'] as const) : []),
        ...(options.subgroups && adapter.features.has('subgroups') ? (['subgroups'] as const) : []),
      ],
      requiredLimits: Object.fromEntries(RAISED.map((name) => [name, adapter.limits[name]])),
    });
    return { gpu, device, report };
  } catch (cause) {
    throw new RuntimeError(`adapter '${report.name}' gives no device: ${messageOf(cause)}`, 'GPU_NO_DEVICE', { cause });
  }
}

async function adapterOf(gpu: GPU, { adapter: wanted, powerPreference }: DeviceOptions): Promise<GPUAdapter> {
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter(powerPreference === null ? {} : { powerPreference });
  } catch (cause) {
    // Dawn answers a name that it does not know with the list of those that it does.
    throw new RuntimeError(`webgpu: no adapter '${wanted}': ${messageOf(cause)}`, 'GPU_NO_ADAPTER', { cause });
  }
  if (adapter) return adapter;
  throw new RuntimeError(
    'webgpu: no adapter. A driver for Vulkan, Metal or Direct3D 12 is needed: on Linux the Vulkan loader (libvulkan1) and a driver of its own, ' +
      'of the GPU or mesa-vulkan-drivers for software; `npm run doctor` says what is there',
    'GPU_NO_DRIVER',
  );
}

export function reportOf({ info, features, limits }: GPUAdapter): AdapterReport {
  const { subgroupMinSize, subgroupMaxSize } = info;
  return {
    // A browser may keep the first two to itself.
    name: info.device || info.description || `${info.vendor} ${info.architecture}`.trim(),
    vendor: info.vendor,
    architecture: info.architecture,
    driver: info.description,
    software: info.isFallbackAdapter,
    features: [...features].toSorted(),
    // A browser may keep the sizes to itself.
    subgroupSizes:
      features.has('subgroups') && subgroupMinSize && subgroupMaxSize ? [subgroupMinSize, subgroupMaxSize] : null,
    limits: Object.fromEntries(REPORTED.map((name) => [name, limits[name]])),
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
