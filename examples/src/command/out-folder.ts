import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ValueError } from '@convoy/engine';

/** Makes the folder that `what` will be written to: before a training, so that this is not in vain. */
export async function makeOutFolder(folder: string, what: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(
      `${folder}: expected a folder for ${what}, which cannot be made (${problem}); give another one as --out`,
      'OUT',
      { cause },
    );
  }
}

/** As seen from the current directory, where it is inside. */
export function shortPath(folder: string): string {
  const relative = path.relative('', folder);
  return relative.startsWith('..') ? folder : relative;
}
