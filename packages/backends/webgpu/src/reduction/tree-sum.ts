import { defineDeviceKernel } from '../device-kernel.js';

/** The device computes a batch as one shard, whose part is the sum already. */
export const treeSum = defineDeviceKernel({ plan: () => [] });
