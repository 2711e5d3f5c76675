import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const packages = path.resolve(import.meta.dirname, '../../packages');

/**
 * All that a user can import: its name, such as `@convoy/engine/kernels`, its built declarations, and the source file of
 * these.
 */
export const publicEntries = ['.', 'backends']
  .flatMap((group) => readdirSync(path.join(packages, group)).map((folder) => path.join(packages, group, folder)))
  .filter((folder) => existsSync(path.join(folder, 'package.json')))
  .flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return Object.entries(exports).map(([entry, { types }]) => ({
      name: path.posix.join(name, entry),
      declarations: path.join(folder, types),
      source: path.join(folder, types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')),
    }));
  });
