/** The device's executor, which writes down its counts after each run, and loses the device in the middle of one if told to. */
import { DeviceExecutor } from '@convoy/backend-webgpu/authoring';

export default async function observed({ memory, options: { seen, loseAfterMs, ...options } }) {
  const executor = await DeviceExecutor.open(memory, options);
  return {
    workers: executor.workers,
    workersReason: executor.workersReason,
    run: async (job) => {
      if (loseAfterMs !== null) setTimeout(() => void executor.lose().catch(() => undefined), loseAfterMs);
      const lost = await executor.run(job);
      const { buffers, bindGroups, pipelines, encoders, submits, bytesUp } = await executor.counts();
      seen.set([buffers, bindGroups, pipelines, encoders, submits, bytesUp]);
      return lost;
    },
    runNow: (job) => executor.runNow(job),
    dispose: () => executor.dispose(),
  };
}
