import { defineExecutor } from '@convoy/engine/executors';
import { DeviceExecutor } from './device-executor.js';
import type { WebGpuOptions } from './options.js';

export default defineExecutor(({ memory, options }) => DeviceExecutor.open(memory, options as WebGpuOptions));
