import { isBuiltin } from 'node:module';
import path from 'node:path';
import { importsOf, sourcesOf } from './source-tree.mjs';

const OURS = '@convoy/';

/** A package reaches another by name, through a public entry, and declares what it imports. */
export function* packageImports(tree) {
  for (const file of sourcesOf(tree)) {
    const own = packageOf(tree, file);
    for (const { specifier, line } of importsOf(file)) {
      const message = specifier.startsWith('.')
        ? leavesPackage(own, file, specifier)
        : (undeclared(own, specifier) ?? notPublic(tree, specifier));
      if (message) yield { file: file.path, line, message };
    }
  }
}

/** The innermost package around a file. */
function packageOf(tree, file) {
  const around = tree.packages.filter(({ folder }) => file.path.startsWith(`${folder}/`));
  return around.toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

function leavesPackage(own, file, specifier) {
  const target = path.posix.join(path.posix.dirname(file.path), specifier);
  if (target.startsWith(`${own.folder}/src/`)) return undefined;
  return `'${specifier}' leaves ${own.folder}/src: import the other package by its name`;
}

function undeclared({ folder, manifest }, specifier) {
  if (isBuiltin(specifier)) return undefined;
  const name = nameOf(specifier);
  const declared = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies };
  return name in declared
    ? undefined
    : `'${name}' is not among the dependencies in ${folder}/package.json: add it there`;
}

function notPublic(tree, specifier) {
  if (!specifier.startsWith(OURS)) return undefined;
  const name = nameOf(specifier);
  const found = tree.packages.find(({ manifest }) => manifest.name === name);
  const entries = Object.keys(found?.manifest.exports ?? {});
  if (entries.includes(`.${specifier.slice(name.length)}`)) return undefined;
  return `'${specifier}' is no public entry of ${name}; it has ${entries.map((entry) => path.posix.join(name, entry)).join(', ')}`;
}

/** `@scope/name/entry` or `name/entry` without the entry. */
function nameOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
