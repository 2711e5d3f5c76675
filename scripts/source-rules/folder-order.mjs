import path from 'node:path';
import { importsOf } from './source-tree.mjs';

const HERE = 'scripts/source-rules/folder-order.mjs';
const ENGINE = 'packages/engine/src/';

/**
 * The engine's folders in the order of the data path, and what each may import: whole folders, or single files where only
 * these are meant. `errors` is open to all.
 */
const MAY_IMPORT = {
  define: ['standard/ops/activations'],
  random: ['define'],
  standard: ['define'],
  graph: ['define', 'random', 'standard/ops/chain-rule'],
  memory: ['define', 'graph', 'random'],
  execute: ['define', 'graph', 'memory', 'di'],
  data: ['define', 'memory', 'random', 'execute/actor'],
  async: ['define', 'graph', 'memory', 'execute', 'data'],
  train: ['define', 'standard', 'graph', 'memory', 'execute', 'data', 'async'],
  io: ['define', 'train'],
  // In place of modules that need Node.
  browser: ['define', 'execute'],
  testing: ['define', 'random', 'standard', 'graph', 'memory', 'execute', 'data', 'train'],
};

/** Each folder of the engine imports only what comes before it on the path of the data. */
export function* folderOrder(tree) {
  for (const file of tree.files.filter((each) => /^packages\/engine\/src\/[^/]+\/.*\.ts$/.test(each.path))) {
    const [folder] = file.path.slice(ENGINE.length).split('/');
    const allowed = MAY_IMPORT[folder] ?? [];
    for (const { specifier, line } of importsOf(file)) {
      if (!specifier.startsWith('.')) continue;
      const target = path.posix.join(path.posix.dirname(file.path), specifier).slice(ENGINE.length, -'.js'.length);
      if ([folder, 'errors', ...allowed].some((name) => `${target}/`.startsWith(`${name}/`))) continue;
      const message = `'${folder}' may import ${allowed.join(', ')}, but not '${target}': see ${HERE}`;
      yield { file: file.path, line, message };
    }
  }
}
