/** The device's executor, which writes down its counts after each run, and loses the device in the middle of one if told to. */
import { DeviceExecutor } from '@convoy/backend-webgpu/authoring';

export default async function observed({ options: { seen, loseAfterMs, ...options }, ...context }) {
  const executor = await DeviceExecutor.open(context, options);
  return {
    workers: executor.workers,
    workersReason: executor.workersReason,
    run: async (job) => {
      if (loseAfterMs !== null) setTimeout(() => void executor.lose().catch(() => undefined), loseAfterMs);
      const lost = await executor.run(job);
      const { buffers, bindGroups, pipelines, encoders, submits } = await executor.counts();
      seen.set([buffers, bindGroups, pipelines, encoders, submits]);
      return lost;
    },
    runNow: (job) => executor.runNow(job),
    dispose: () => executor.dispose(),
  };
}
