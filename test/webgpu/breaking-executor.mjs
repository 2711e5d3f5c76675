/** Does the steps on a device of this thread, and after the first run takes a buffer away, as a driver in distress may. */
import { loadKernels } from '@convoy/engine/executors';
import { nodeGpu } from '../../packages/backends/webgpu/dist/device/node-gpu.js';
import { openDevice } from '../../packages/backends/webgpu/dist/device/open-device.js';
import { Session } from '../../packages/backends/webgpu/dist/device/session.js';
import { DeviceOutputs } from '../../packages/backends/webgpu/dist/program/device-outputs.js';
import { DeviceProgram } from '../../packages/backends/webgpu/dist/program/device-program.js';
import { DeviceState } from '../../packages/backends/webgpu/dist/program/device-state.js';
import { runSteps } from '../../packages/backends/webgpu/dist/program/run-steps.js';

export default async function breaking({ memory, options }) {
  const session = new Session(await openDevice(await nodeGpu(options), options));
  let resident = null;
  return {
    workers: 1,
    workersReason: 'this thread has the device',
    run: async (job) => {
      if (resident) resident.program.buffers.pool[0].destroy();
      else {
        const library = await loadKernels(job.sources, memory);
        const program = await DeviceProgram.build(session, job.program, library, false);
        resident = { program, state: new DeviceState(program), outputs: new DeviceOutputs(program) };
      }
      job.control.rearm();
      const { placement, start } = job;
      await runSteps(resident, { memory, placement, start, stopped: () => false });
      session.throwIfFailed();
      return 0;
    },
    dispose: () => session.close(),
  };
}
