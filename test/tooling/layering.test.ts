import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, ScratchTree } from './scratch-tree.js';

const engine = 'packages/engine/src';
const packages = 'Packages meet in the engine';
const doors = 'enters through one file';

/** Each is a file, its text, and what the linter must say of it. */
const refused: Readonly<Record<string, readonly [file: string, text: string, says: string]>> = {
  'a sibling that imports a sibling': [
    'packages/conv2d/src/knows-layers.ts',
    `export { dense } from '@convoy/layers';`,
    packages,
  ],
  "a sibling that imports a sibling's types": [
    'packages/optimizers/src/knows-layer-types.ts',
    `export type { PoolAttributes } from '@convoy/layers';`,
    packages,
  ],
  "a sibling that ships the engine's testing entry": [
    'packages/layers/src/knows-testing.ts',
    `export { conformance } from '@convoy/engine/testing';`,
    'Import @convoy/engine or @convoy/engine/kernels',
  ],
  'conformance cases that import a sibling': [
    'packages/layers/src/testing.ts',
    `export { conv2d } from '@convoy/conv2d';`,
    packages,
  ],
  'a backend that imports values of a sibling': [
    'packages/backends/js/src/knows-layers.ts',
    `export { dense } from '@convoy/layers';`,
    'write import type',
  ],
  'a backend with a pool of its own': [
    'packages/backends/js/src/own-pool.ts',
    `export { Piscina } from 'piscina';`,
    doors,
  ],
  'an engine that imports one of our packages': [
    `${engine}/train/knows-layers.ts`,
    `export type { PoolAttributes } from '@convoy/layers';`,
    'The engine imports no other package',
  ],
  'tsyringe outside di.ts': [`${engine}/execute/second-di.ts`, `export { container } from 'tsyringe';`, doors],
  'reflect-metadata outside di.ts': [`${engine}/second-di.ts`, `import 'reflect-metadata';`, doors],
  'piscina in di.ts': [`${engine}/di.ts`, `export { Piscina } from 'piscina';`, doors],
  'comlink in pool-executor.ts': [`${engine}/execute/pool-executor.ts`, `export { wrap } from 'comlink';`, doors],
  "comlink's adapter outside actor.ts": [
    `${engine}/data/second-actor.ts`,
    `export { adapter } from 'comlink/dist/esm/node-adapter.mjs';`,
    doors,
  ],
  'a cycle of values': [
    `${engine}/define/chicken.ts`,
    `import { egg } from './egg.js';\nexport const chicken = (): string => egg();`,
    'Dependency cycle',
  ],
  'a file of more than 250 lines': [`${engine}/define/long.ts`, `${'// …\n'.repeat(251)}export {};`, 'too many lines'],
  'a file name that is not kebab-case': [`${engine}/define/notKebab.ts`, 'export const one = 1;', 'kebab-case'],
  'the type any': [`${engine}/define/anything.ts`, 'export type Anything = any;', 'Unexpected `any`'],
  'a promise that nobody awaits': [
    `${engine}/define/unawaited.ts`,
    'export function start(work: () => Promise<void>): void {\n  work();\n}',
    'Promises must be awaited',
  ],
  'a package that prints': ['packages/layers/src/prints.ts', `console.log('hello');`, 'Unexpected console statement'],
  'a disabled rule with nothing to disable': [
    `${engine}/define/disabled.ts`,
    '// oxlint-disable-next-line typescript/no-explicit-any\nexport const one = 1;',
    'Unused',
  ],
};

const accepted: Readonly<Record<string, string>> = {
  [`${engine}/execute/actor.ts`]: `export { wrap } from 'comlink';`,
  [`${engine}/define/hen.ts`]: `import type { Nest } from './nest.js';\nexport class Hen {\n  nest?: Nest;\n}`,
  [`${engine}/define/nest.ts`]: `import { Hen } from './hen.js';\nexport class Nest {\n  hen = new Hen();\n}`,
  'packages/conv2d/src/op.ts': `export { defineOp } from '@convoy/engine';`,
  'packages/conv2d/src/kernels.ts': `export { defineKernels } from '@convoy/engine/kernels';`,
  'packages/conv2d/src/testing.ts': `export { conformance } from '@convoy/engine/testing';`,
  'packages/backends/js/src/windows.ts': `export type { PoolAttributes } from '@convoy/layers';`,
};

let tree: ScratchTree;
/** What the linter says, by file. */
const findings = new Map<string, string>();

beforeAll(async () => {
  tree = await ScratchTree.create({
    ...Object.fromEntries(Object.values(refused)),
    ...accepted,
    [`${engine}/define/egg.ts`]: `import { chicken } from './chicken.js';\nexport const egg = (): string => chicken();`,
    'tsconfig.json': `{ "extends": "./tsconfig.base.json" }`,
  });
  await tree.copy('.oxlintrc.json', '.gitignore', 'tsconfig.base.json');
  await tree.linkTools();
  const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { code, stdout, stderr } = await tree.run(process.execPath, [oxlint, '--format=json']);
  expect(code, stderr).toBe(1);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; message: string; help?: string }[] };
  for (const { filename, message, help } of diagnostics)
    findings.set(filename, `${findings.get(filename) ?? ''}${message} ${help}\n`);
});

afterAll(() => tree.remove());

describe('the linter refuses', () => {
  test.each(Object.entries(refused))('%s', (_name, [file, , says]) => {
    expect(findings.get(file) ?? 'nothing').toContain(says);
  });
});

describe('the linter accepts', () => {
  test.each(Object.keys(accepted))('%s', (file) => {
    expect(findings.get(file)).toBeUndefined();
  });
});
