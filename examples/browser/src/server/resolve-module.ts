/** Finds the file of an import, as a bundler for browsers would: by the fields 'browser', 'exports' and 'module' of package.json. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

type Exports = string | { readonly [condition: string]: Exports };

interface Manifest {
  readonly browser?: Readonly<Record<string, string>>;
  readonly exports?: Exports;
  readonly module?: string;
  readonly main?: string;
}

const CONDITIONS = new Set(['browser', 'module', 'import', 'default']);

/** The file that a browser is to load for an import by name; null if it has none. */
export function resolveModule(specifier: string, importer: string): string | null {
  const own = packageAround(importer);
  const standIn = own === null ? undefined : manifestOf(own).browser?.[specifier];
  if (own !== null && standIn !== undefined) return path.join(own, standIn);
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const folder = installed(name, importer);
  if (folder === null) return null;
  const entry = `.${specifier.slice(name.length)}`;
  const file = entryOf(manifestOf(folder), entry);
  return file === null ? null : path.join(folder, file);
}

/** What a browser is to load in place of a file, where its package says so. */
export function standInFor(file: string): string | null {
  const folder = packageAround(file);
  if (folder === null) return null;
  const standIn = manifestOf(folder).browser?.[`./${path.relative(folder, file).replaceAll(path.sep, '/')}`];
  return standIn === undefined ? null : path.join(folder, standIn);
}

function entryOf({ exports, module, main }: Manifest, entry: string): string | null {
  if (exports === undefined) return entry === '.' ? (module ?? main ?? null) : entry;
  return typeof exports === 'string' ? exports : chosen(exports[entry]);
}

function chosen(target: Exports | undefined): string | null {
  if (target === undefined || typeof target === 'string') return target ?? null;
  const condition = Object.keys(target).find((each) => CONDITIONS.has(each));
  return condition === undefined ? null : chosen(target[condition]);
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

function packageAround(file: string): string | null {
  return foldersAbove(file).find((folder) => existsSync(path.join(folder, 'package.json'))) ?? null;
}

function installed(name: string, importer: string): string | null {
  const candidates = foldersAbove(importer).map((folder) => path.join(folder, 'node_modules', name));
  const found = candidates.find((folder) => existsSync(path.join(folder, 'package.json')));
  return found === undefined ? null : realpathSync(found);
}

function foldersAbove(file: string): string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [folder, ...foldersAbove(folder)];
}
