import { defineExecutor } from '@convoy/engine/executors';
import { DeviceExecutor } from './device-executor.js';
import type { WebGpuOptions } from './options.js';

export default defineExecutor((context) => DeviceExecutor.open(context, context.options as WebGpuOptions));
