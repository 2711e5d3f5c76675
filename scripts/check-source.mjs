// Checks of the source tree for which the linter has no rule. `node scripts/check-source.mjs [FOLDER]`
import { fileURLToPath } from 'node:url';
import { defaultExports } from './source-rules/default-exports.mjs';
import { doubleCasts } from './source-rules/double-casts.mjs';
import { folderOrder } from './source-rules/folder-order.mjs';
import { machinePaths } from './source-rules/machine-paths.mjs';
import { markdownLinks } from './source-rules/markdown-links.mjs';
import { names } from './source-rules/names.mjs';
import { packageImports } from './source-rules/package-imports.mjs';
import { readTree } from './source-rules/source-tree.mjs';

const rules = [names, defaultExports, doubleCasts, folderOrder, packageImports, machinePaths, markdownLinks];

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const tree = readTree(root);
const findings = rules.flatMap((rule) => [...rule(tree)]);

for (const { file, line, message } of findings) console.error(`${file}:${line}  ${message}`);
if (findings.length > 0) {
  console.error(`${findings.length} in ${tree.files.length} files`);
  process.exitCode = 1;
}
