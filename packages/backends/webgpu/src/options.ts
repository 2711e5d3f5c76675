/** The backend's options as data, once checked. */
export interface WebGpuOptions {
  readonly adapter: string | null;
  readonly f16: boolean;
  readonly subgroups: boolean;
  readonly powerPreference: 'low-power' | 'high-performance' | null;
}
