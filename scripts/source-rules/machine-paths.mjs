import { matches } from './source-tree.mjs';

/** A path from the root of one machine, or out of the repository. */
const ELSEWHERE = /(?<![\w.:/-])\/(?:home|Users|root|work|tmp|mnt)\/[\w.-]+|\b[A-Z]:\\{1,2}\w+|\.\.\/shared(?![\w.-])/g;

/** Everything that the repository needs is in it: no path of a machine, nothing beside the clone. */
export function* machinePaths(tree) {
  for (const file of tree.files)
    for (const { match, line } of matches(file, ELSEWHERE))
      yield {
        file: file.path,
        line,
        message: `'${match[0]}' is there on one machine only: use a path inside the repository`,
      };
}
