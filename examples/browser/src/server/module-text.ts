import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveModule } from './resolve-module.js';

const IMPORT = /^(\s*(?:import|export)\b[^'"]*?\bfrom\s*|\s*import\s*)(["'])([^./'"][^'"]*)\2/gm;

/**
 * A module as a browser can load it: the file as it was built, with the addresses of what it imports by name. Workers take no import map,
 * or the page could have one instead.
 */
export async function moduleText(root: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  return text.replace(IMPORT, (all, head: string, quote: string, specifier: string) => {
    const found = resolveModule(specifier, file);
    return found === null ? all : `${head}${quote}${addressOf(root, found)}${quote}`;
  });
}

/** The address of a file under the root. */
export function addressOf(root: string, file: string): string {
  return `/${path.relative(root, file).replaceAll(path.sep, '/')}`;
}
