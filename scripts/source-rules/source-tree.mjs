import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Made by tools, and never committed. */
const MADE = new Set(['.git', '.turbo', 'coverage', 'dist', 'node_modules', 'out', 'results']);
const TEXT = /\.(ts|mjs|js|json|md|py|sh|html|css|ya?ml)$|^\.\w+$|^run$/;
const LOCK = 'package-lock.json';

/**
 * The text files under the root, their paths relative to it and with slashes, and the packages among them. A rule is a
 * function of this tree, which yields what it finds as `{ file, line, message }`; the message says the remedy.
 */
export function readTree(root) {
  const files = [];
  const walk = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const at = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && !MADE.has(entry.name)) walk(at);
      if (entry.isFile() && TEXT.test(entry.name) && entry.name !== LOCK)
        files.push({ path: at, text: readFileSync(path.join(root, at), 'utf8') });
    }
  };
  walk('');
  const packages = files
    .filter((file) => path.posix.basename(file.path) === 'package.json')
    .map((file) => ({ folder: path.posix.dirname(file.path), manifest: JSON.parse(file.text) }));
  return { root, files, packages, has: (at) => existsSync(path.join(root, at)) };
}

/** Files of the packages, examples and benchmarks that TypeScript compiles to `dist`; AssemblyScript is another language. */
export function sourcesOf(tree) {
  return tree.files.filter(
    (file) => /^(packages|examples|bench)\/.*\.ts$/.test(file.path) && !file.path.includes('/assembly/'),
  );
}

/** Each match of a global pattern, with its line. */
export function* matches(file, pattern) {
  for (const match of file.text.matchAll(pattern))
    yield { match, line: file.text.slice(0, match.index).split('\n').length };
}

const IMPORT = /^[ \t]*(?:import|export)\s(?:[^'";]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** What a file imports or re-exports, types included. */
export function* importsOf(file) {
  for (const { match, line } of matches(file, IMPORT)) yield { specifier: match[1] ?? match[2], line };
}
