import { DeviceExecutor, type Counts, type WebGpuOptions } from '@convoy/backend-webgpu/authoring';
import { defineExecutor, type Job } from '@convoy/engine/executors';

/** What is counted, in the order of the words that both sides share. */
export const COUNTED = [
  'buffers',
  'bufferBytes',
  'bindGroups',
  'pipelines',
  'encoders',
  'submits',
  'dispatches',
  'bytesUp',
  'bytesDown',
] as const satisfies readonly (keyof Counts)[];

/** Options of the executor: the device's, and where counts go. */
export interface CountingOptions extends WebGpuOptions {
  readonly words: Float64Array;
}

/** The device's executor, which writes its counts down after each run. */
export default defineExecutor(async ({ options, ...context }) => {
  const { words, ...device } = options as CountingOptions;
  const executor = await DeviceExecutor.open(context, device);
  return {
    workers: executor.workers,
    workersReason: executor.workersReason,
    run: async (job: Job): Promise<number> => {
      const lost = await executor.run(job);
      const counts = await executor.counts();
      words.set(COUNTED.map((name) => counts[name]));
      return lost;
    },
    runNow: (job: Job): void => executor.runNow(job),
    dispose: () => executor.dispose(),
  };
});
