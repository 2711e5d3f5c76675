import path from 'node:path';
import { matches } from './source-tree.mjs';

const LINK = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)\s]*)?\)/g;

/** Relative links in Markdown lead somewhere. */
export function* markdownLinks(tree) {
  for (const file of tree.files.filter(({ path: at }) => at.endsWith('.md')))
    for (const { match, line } of matches(file, LINK)) {
      const target = path.posix.join(path.posix.dirname(file.path), match[1]);
      if (!tree.has(target))
        yield { file: file.path, line, message: `the link '${match[1]}' leads nowhere: there is no ${target}` };
    }
}
