/**
 * For kernels of one's own on the device: a module that default-exports a table of them extends the backend, as in
 * `defineBackend({ name: 'mine', extends: webgpu(), kernels })`.
 *
 * @packageDocumentation
 */
export {
  defineDeviceKernel,
  type DeviceCall,
  type DeviceKernel,
  type DevicePlan,
  type Dispatch,
  type Operand,
  type Storage,
} from './device-kernel.js';
export { DeviceExecutor } from './device-executor.js';
export type { AdapterReport } from './device/open-device.js';
export type { Counts } from './device/counts.js';
export type { WebGpuOptions } from './options.js';
export { countOf, eachElement, type EachElement } from './shader/each-element.js';
export { shaderOf, type Shader, type ShaderParts } from './shader/shader.js';
