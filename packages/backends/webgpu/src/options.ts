/** The backend's options as data, once checked. */
export interface WebGpuOptions {
  /** Parts of adapters' names; several: one for each replica, in turn. */
  readonly adapter: string | readonly string[] | null;
  readonly f16: boolean;
  readonly subgroups: boolean;
  readonly powerPreference: 'low-power' | 'high-performance' | null;
}

/** Those of one device. */
export interface DeviceOptions extends WebGpuOptions {
  readonly adapter: string | null;
}

/** @param replica - whose device it is; null: the engine's, or that of the owner of the parameters, which are on the first adapter */
export function deviceOptions(options: WebGpuOptions, replica: number | null): DeviceOptions {
  const { adapter } = options;
  if (adapter === null || typeof adapter === 'string') return { ...options, adapter };
  return { ...options, adapter: adapter[(replica ?? 0) % adapter.length] };
}

/** How many adapters there are for replicas. */
export function adaptersIn({ adapter }: WebGpuOptions): number {
  return Array.isArray(adapter) ? adapter.length : 1;
}
