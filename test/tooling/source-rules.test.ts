import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, ScratchTree } from './scratch-tree.js';

const engine = 'packages/engine/src';
/** Apart from what makes them wrong, so that this file is not refused itself. */
const [unknown, home, shared] = ['unknown', 'home', 'shared'];

/** Each is a file, its text, and what the check must say of it. */
const refused: Readonly<Record<string, readonly [file: string, text: string, says: string]>> = {
  'a define/ that imports the compiler': [
    `${engine}/define/knows-graph.ts`,
    `export { compileProgram } from '../graph/compile-program.js';`,
    "'define' may import",
  ],
  'a graph/ that imports types from memory/': [
    `${engine}/graph/knows-memory.ts`,
    `import type { Arena } from '../memory/arena.js';`,
    "not 'memory/arena'",
  ],
  'a compiler pass that knows an op by name': [
    `${engine}/graph/knows-softmax.ts`,
    `import {\n  softmax,\n} from '../standard/ops/softmax.js';`,
    "not 'standard/ops/softmax'",
  ],
  'a memory/ that imports from train/': [
    `${engine}/memory/knows-train.ts`,
    `import '../train/model.js';`,
    "not 'train/model'",
  ],
  'an execute/ that imports from data/, even late': [
    `${engine}/execute/knows-data.ts`,
    `export const dataset = await import('../data/dataset.js');`,
    "not 'data/dataset'",
  ],
  "a folder of the engine that imports the engine's public entry": [
    `${engine}/io/knows-all.ts`,
    `export * from '../index.js';`,
    "not 'index'",
  ],
  'a folder of the engine without a place in the order': [
    `${engine}/elsewhere/replica.ts`,
    `export { Arena } from '../memory/arena.js';`,
    'folder-order.mjs',
  ],
  'a relative import into another package': [
    'packages/conv2d/src/reaches-over.ts',
    `export { shape } from '../../engine/src/define/shape.js';`,
    'import the other package by its name',
  ],
  'an import that is no public entry': [
    'packages/conv2d/src/reaches-in.ts',
    `export { shape } from '@convoy/engine/dist/define/op/shape.js';`,
    'it has @convoy/engine, @convoy/engine/kernels',
  ],
  'an import that is not declared': [
    'packages/conv2d/src/undeclared.ts',
    `export { test } from 'vitest';`,
    "'vitest' is not among the dependencies in packages/conv2d/package.json",
  ],
  'a cast by way of unknown': [
    'test/double-cast.ts',
    `export const four = '4' as ${unknown} as number;`,
    'double cast',
  ],
  'a default export': ['packages/conv2d/src/nameless.ts', 'export default 3;', 'give it a name'],
  'a default export by renaming': [
    'packages/conv2d/src/renamed.ts',
    'const three = 3;\nexport { three as default };',
    'give it a name',
  ],
  'a code file that is not named in kebab-case': ['scripts/loadData.mjs', '', 'kebab-case'],
  'a folder that is not named in kebab-case': [`${engine}/Define`, '', 'kebab-case'],
  'a folder named for nothing': [`${engine}/utils`, '', 'name it for its one idea'],
  'a file named for nothing': ['test/helpers.ts', '', 'name it for its one idea'],
  'a path of one machine': ['bench/machine.md', `See /${home}/somebody/results.txt.`, 'on one machine only'],
  'a path beside the clone': ['BESIDE.md', `See ../${shared}/page.md.`, 'on one machine only'],
  'a link that leads nowhere': ['LINKS.md', 'See\n[the map](docs/map.md#top).', 'LINKS.md:2'],
};

const accepted: Readonly<Record<string, string>> = {
  [`${engine}/graph/differentiate.ts`]: `export { add } from '../standard/ops/chain-rule.js';`,
  [`${engine}/memory/place.ts`]: `export type { Program } from '../graph/program.js';`,
  [`${engine}/execute/worker.ts`]: 'export default function work(): void {}',
  'packages/conv2d/src/op.ts': `import path from 'node:path';\nexport { defineKernels } from '@convoy/engine/kernels';`,
  'packages/conv2d/src/swish.ts': `export default defineKernels(() => ({}));`,
  'packages/conv2d/src/kernels.ts': 'const kernels = {};\nexport default kernels;',
  'test/some-behaviour.test.ts': '',
  'GOOD.md': 'See [the links](LINKS.md#top), [below](#below), https://example.org/home/page and /usr/share/dict.',
};

let tree: ScratchTree;
let findings: readonly string[];

beforeAll(async () => {
  tree = await ScratchTree.create({
    ...Object.fromEntries(Object.values(refused).filter(([, text]) => text !== '')),
    ...accepted,
    'scripts/loadData.mjs': '',
    'test/helpers.ts': '',
    [`${engine}/utils/clamp.ts`]: '',
    [`${engine}/Define/op.ts`]: '',
    'packages/engine/package.json': JSON.stringify({
      name: '@convoy/engine',
      exports: { '.': './dist/index.js', './kernels': './dist/kernels.js' },
    }),
    'packages/conv2d/package.json': JSON.stringify({
      name: '@convoy/conv2d',
      dependencies: { '@convoy/engine': '0.1.0' },
    }),
  });
  const script = path.join(root, 'scripts/check-source.mjs');
  const { code, stderr } = await tree.run(process.execPath, [script, tree.at('')]);
  expect(code, stderr).toBe(1);
  findings = stderr.split('\n');
});

afterAll(() => tree.remove());

describe('the source rules refuse', () => {
  test.each(Object.entries(refused))('%s', (_name, [file, , says]) => {
    expect(findings.filter((finding) => finding.startsWith(`${file}:`)).join('\n')).toContain(says);
  });
});

describe('the source rules accept', () => {
  test.each(Object.keys(accepted))('%s', (file) => {
    expect(findings.filter((finding) => finding.startsWith(`${file}:`))).toEqual([]);
  });
});
