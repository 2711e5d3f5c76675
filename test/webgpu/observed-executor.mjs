/** The device's executor, which writes down its counts after each run, and loses the device in the middle of one, or at a step of a replica, if told to. */
import { DeviceExecutor } from '@convoy/backend-webgpu/authoring';

export default async function observed({ options: { seen, loseAfterMs, loses = null, ...options }, ...context }) {
  const executor = await DeviceExecutor.open(context, options);
  const lose = () => void executor.lose().catch(() => undefined);
  let steps = 0;
  return {
    workers: executor.workers,
    workersReason: executor.workersReason,
    device: executor.device,
    replicas: executor.replicas,
    run: async (job) => {
      if (loseAfterMs !== null) setTimeout(lose, loseAfterMs);
      const lost = await executor.run(job);
      const { buffers, bindGroups, pipelines, encoders, submits, bytesUp } = await executor.counts();
      seen.set([buffers, bindGroups, pipelines, encoders, submits, bytesUp]);
      return lost;
    },
    runNow: (job) => {
      if (loses?.replica === context.replica && steps++ === loses.atStep) lose();
      executor.runNow(job);
    },
    dispose: () => executor.dispose(),
  };
}
