import { execFile } from 'node:child_process';

export interface Ended {
  /** Null when a signal ended it: it had not ended by itself in time. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script in a process of its own, with nothing of the test around it, until it ends by itself. */
export function runNode(script: string, args: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], { timeout: 30_000 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}
