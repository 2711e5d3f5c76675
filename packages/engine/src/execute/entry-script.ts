import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { KernelModule } from '../define/plugin/backend.js';
import { ValueError } from '../errors.js';

const { resolve } = createRequire(import.meta.url);

/** @throws ValueError when a kernel module is the script that Node was started with: each worker would run it again */
export function refuseEntryScript({ owner, url }: KernelModule): void {
  const [, entry] = process.argv;
  if (entry === undefined || !url.startsWith('file:')) return;
  const script = realPath(entry);
  if (script === null || script !== realPath(fileURLToPath(url))) return;
  throw new ValueError(
    `${owner}: its kernels are in the entry script, which every worker would run again; ` +
      `move them to a module of their own`,
    'KERNELS_ENTRY',
  );
}

/** As Node finds a script: links followed, the extension or `index.js` added. Null when there is no such file. */
function realPath(script: string): string | null {
  try {
    return resolve(script);
  } catch {
    return null;
  }
}
