import { matches, sourcesOf } from './source-tree.mjs';

/**
 * Loaded by a URL, where only a default export can be expected: kernel modules, executors, the parties of a strategy, coders, the entry of a
 * worker.
 */
const LOADED_BY_URL =
  /(^|\/)(kernels|(counting-)?executor)\.ts$|-(parties|coder)\.ts$|\/execute\/worker\.ts$|\.config\.ts$/;

/** A named export is found by its name everywhere; a default one is named anew by each importer. */
export function* defaultExports(tree) {
  for (const file of sourcesOf(tree)) {
    if (LOADED_BY_URL.test(file.path) || file.path.endsWith('.d.ts')) continue;
    for (const { match, line } of matches(
      file,
      /^export default (?!define(?:Kernels|Executor|Parties|Coder)\b)|\bas default\b/gm,
    ))
      yield {
        file: file.path,
        line,
        message: `give it a name: '${match[0].trim()}' is for kernel modules and workers`,
      };
  }
}
