const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const VAGUE = new Set('utils util helpers helper manager managers common types misc'.split(' '));
const CODE = /\.(ts|mjs|js|py)$/;

/** Folders and code files are named for their one idea, in kebab-case. */
export function* names(tree) {
  const seen = new Set();
  for (const file of tree.files) {
    const parts = file.path.split('/');
    const folders = parts.slice(0, -1);
    if (CODE.test(file.path)) folders.push(parts.at(-1));
    for (const [depth, part] of folders.entries()) {
      const at = parts.slice(0, depth + 1).join('/');
      if (seen.has(at) || part.startsWith('.')) continue;
      seen.add(at);
      // `worker.test.ts` and `comlink-node-adapter.d.ts` are named by what stands before the first dot.
      const [name] = part.split('.');
      if (!KEBAB.test(name)) yield { file: at, line: 1, message: `name it in kebab-case, not '${part}'` };
      if (VAGUE.has(name)) yield { file: at, line: 1, message: `'${name}' says nothing: name it for its one idea` };
    }
  }
}
