import { ConvoyError } from '@convoy/engine';
import type { Session } from '../device/session.js';
import { encode, type Command } from './commands.js';

/**
 * For a step that the device has refused, and so has not done: gives it the commands one by one. What it refuses of a whole step it says
 * only for the whole.
 *
 * @returns the first error, which names layer and kernel; null if each command alone is taken
 */
export async function findCulprit(
  session: Session,
  { commands, side, step }: { commands: readonly Command[]; side: number; step: string },
): Promise<ConvoyError | null> {
  for (const command of commands) {
    try {
      await session.checked(`${step}, ${command.label}`, () => {
        const encoder = session.encoder(command.label);
        const pass = encoder.beginComputePass({ label: command.label });
        encode(pass, [command], side);
        pass.end();
        session.submit(encoder);
      });
    } catch (error) {
      // A device that is lost meanwhile says nothing of the command.
      if (error instanceof ConvoyError && isRefusal(error)) return error;
      return null;
    }
  }
  return null;
}

/** Whether the device is there still and has refused something, so that it can be asked what. */
export function isRefusal({ code }: ConvoyError): boolean {
  return code === 'GPU_VALIDATION' || code === 'GPU_MEMORY';
}
