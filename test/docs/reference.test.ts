import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

interface PublicEntry {
  readonly name: string;
  readonly declarations: string;
  readonly source: string;
}

/** What the reference has pages of. */
const { publicEntries } = (await import(pathToFileURL(path.join(root, 'docs/reference/public-entries.mjs')).href)) as {
  readonly publicEntries: readonly PublicEntry[];
};

test('the reference knows every public entry, and its source', () => {
  expect(publicEntries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['@convoy/engine', '@convoy/engine/kernels', '@convoy/conv2d', '@convoy/backend-js']),
  );
  for (const { source } of publicEntries) expect(existsSync(source), source).toBe(true);
});

test.each(publicEntries)('every export of $name has a docstring that says something', ({ declarations }) => {
  const exports = exportsOf(declarations);
  expect(exports).not.toEqual([]);
  expect(undocumented(exports)).toEqual([]);
});

test('a missing docstring is found through every form of export', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reference-'));
  try {
    await writeFile(
      path.join(folder, 'index.d.ts'),
      `export { first, type Second as Renamed } from './named.js';
export type {
    Third,
} from './named.js';
export * from './all.js';
/** A namespace. */
export * as inner from './inner.js';
export * as bare from './inner.js';
export {};
`,
    );
    await writeFile(
      path.join(folder, 'named.d.ts'),
      `/** About the import below. */
import type { Fourth } from './all.js';
export declare const first: Fourth;
/** @throws ValueError always */
export interface Second {
}
/**
 * Documented.
 */
export type Third = 3;
export declare const unreached = 0;
`,
    );
    await writeFile(
      path.join(folder, 'all.d.ts'),
      `export declare abstract class Fourth {
    /** A member. */
    fourth: number;
}
/** With two signatures, documented once. */
export declare function fifth(a: string): void;
export declare function fifth(a: number): void;
`,
    );
    await writeFile(path.join(folder, 'inner.d.ts'), 'export declare function sixth(): void;\n');
    const found = undocumented(exportsOf(path.join(folder, 'index.d.ts')));
    expect(found.map((place) => place.split(' ').at(-1))).toEqual([
      'first',
      'Renamed',
      'Fourth',
      'inner.sixth',
      'bare',
      'bare.sixth',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

interface Export {
  readonly name: string;
  readonly file: string;
  /** Without its stars; '' where there is none. */
  readonly docstring: string;
}

const STATEMENT = /^(?:\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n)?export (?:declare )?/gm;
const ALL = /^\* from '(?<from>[^']+)'/;
const NAMESPACE = /^\* as (?<name>\w+) from '(?<from>[^']+)'/;
const NAMED = /^(?:type )?\{(?<names>[^}]*)\} from '(?<from>[^']+)'/;
const DECLARATION = /^(?:abstract )?(?:class|const|enum|function|interface|type) (?<name>[\w$]+)/;
const NOTHING = /^\{\};/;

/** What a declaration file exports; what is in a namespace is named `namespace.name`. */
function exportsOf(file: string): Export[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(STATEMENT)].flatMap((match) => {
    const docstring = (match[1] ?? '').replaceAll(/^ *\* ?/gm, '').trim();
    const { name, names, from } = partsOf(file, text.slice(match.index + match[0].length));
    const own = name === undefined ? [] : [{ name, file, docstring }];
    if (from === undefined) return own;
    const there = exportsOf(path.resolve(path.dirname(file), from.replace(/\.js$/, '.d.ts')));
    if (names !== undefined) return namesIn(names).flatMap(([old, renamed]) => named(there, old, renamed));
    return [...own, ...there.map((each) => ({ ...each, name: name ? `${name}.${each.name}` : each.name }))];
  });
}

interface StatementParts {
  readonly name?: string;
  readonly names?: string;
  readonly from?: string;
}

function partsOf(file: string, statement: string): StatementParts {
  for (const form of [ALL, NAMESPACE, NAMED, DECLARATION, NOTHING]) {
    const match = form.exec(statement);
    if (match) return match.groups ?? {};
  }
  const [line] = statement.split('\n');
  throw new Error(`${file}: this test cannot read 'export ${line}': teach it the form, or write the export otherwise`);
}

/** `a, type B as C` as pairs of the name there and the name here. */
function namesIn(list: string): [string, string][] {
  const items = list.split(',').map((each) => each.trim().replace(/^type /, ''));
  return items.filter(Boolean).map((item) => {
    const [old, renamed = old] = item.split(' as ');
    return [old, renamed];
  });
}

/** Several where a function has several signatures. */
function named(exports: readonly Export[], old: string, renamed: string): Export[] {
  return exports.filter(({ name }) => name === old).map((each) => ({ ...each, name: renamed }));
}

/** `source-file name` of each export without a sentence of its own: tags alone do not say what it is. */
function undocumented(exports: readonly Export[]): string[] {
  const place = ({ file, name }: Export): string =>
    `${path.relative(root, file).replace('/dist/', '/src/').replace('.d.ts', '.ts')} ${name}`;
  const documented = new Set(exports.filter(({ docstring }) => /^[^@]/.test(docstring)).map(place));
  return [...new Set(exports.map(place))].filter((each) => !documented.has(each));
}
