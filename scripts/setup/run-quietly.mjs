import { spawn } from 'node:child_process';

/**
 * Runs a command without showing what it prints, and gives that back with the exit code. `onOutput` sees each piece as it
 * comes.
 */
export function runQuietly(command, args, { onOutput, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const collect = (piece) => {
      output += piece;
      onOutput?.(piece);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}
