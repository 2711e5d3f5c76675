import { matches } from './source-tree.mjs';

/** A cast by way of `unknown` switches the compiler off: no pair of types is refused. */
export function* doubleCasts(tree) {
  for (const file of tree.files.filter(({ path }) => path.endsWith('.ts')))
    for (const { line } of matches(file, /\bas\s+unknown\s+as\b/g))
      yield {
        file: file.path,
        line,
        message: 'a double cast hides a wrong type: check the value, or fix the declaration',
      };
}
