import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, ScratchTree, type Outcome } from './scratch-tree.js';

const packageJson = (engines: string): string =>
  JSON.stringify({
    name: 'scratch',
    type: 'module',
    packageManager: 'npm@10.8.2',
    engines: { node: engines },
    workspaces: ['packages/*'],
    devDependencies: { turbo: 'file:vendor/turbo', vendored: 'file:vendor/vendored' },
  });

/** The real turbo, through a package that npm installs without a network. */
const turbo = {
  'vendor/turbo/package.json': `{ "name": "turbo", "version": "1.0.0" }`,
  'vendor/turbo/bin/turbo': `require(${JSON.stringify(path.join(root, 'node_modules/turbo/bin/turbo'))});`,
};

let tree: ScratchTree;
let first: Outcome;

/** Set-up is quick and says nothing when there is nothing to do. */
const idle: Outcome = { code: 0, stdout: '', stderr: '' };
const built: Outcome = { ...idle, stdout: 'Building …\n' };
const installed: Outcome = { ...idle, stdout: 'Installing packages (npm ci) …\n' };

const setup = (): Promise<Outcome> => tree.run(process.execPath, ['scripts/setup.mjs']);

beforeAll(async () => {
  tree = await ScratchTree.create({
    ...turbo,
    'vendor/vendored/package.json': `{ "name": "vendored", "version": "1.0.0" }`,
    'package.json': packageJson('>=20.19'),
    'packages/one/package.json': `{ "name": "one", "version": "1.0.0", "scripts": { "build": "node build.mjs" } }`,
    'packages/one/tsconfig.json': '{}',
    'packages/one/build.mjs': `import { cpSync, readFileSync } from 'node:fs';
      if (readFileSync('src/main.js', 'utf8').includes('?')) throw new Error('what is ?');
      cpSync('src', 'dist', { recursive: true });`,
    'packages/one/src/main.js': 'export const version = 1;',
    'tsconfig.base.json': '{}',
  });
  await tree.copy('scripts', 'turbo.json', '.npmrc', '.gitignore');
  first = await setup();
});

afterAll(() => tree.remove());

test('a bare folder is installed and built, with one line for each', () => {
  expect(first).toEqual({ code: 0, stdout: 'Installing packages (npm install) …\nBuilding …\n', stderr: '' });
});

test('a second set-up finds nothing to do', async () => {
  expect(await setup()).toEqual(idle);
});

test('a changed source is built again, once', async () => {
  await tree.write('packages/one/src/main.js', 'export const version = 2;');
  expect(await setup()).toEqual(built);
  expect(await tree.read('packages/one/dist/main.js')).toContain('version = 2');
  expect(await setup()).toEqual(idle);
});

test('a deleted or damaged dist comes back', async () => {
  await tree.remove('packages/one/dist');
  expect((await setup()).code).toBe(0);
  expect(await tree.read('packages/one/dist/main.js')).toContain('version');
  await tree.write('packages/one/dist/main.js', '');
  expect((await setup()).code).toBe(0);
  expect(await tree.read('packages/one/dist/main.js')).toContain('version');
});

test('a source that does not build ends the set-up with its error, until it is mended', async () => {
  await tree.write('packages/one/src/main.js', 'export const version = ?;');
  const { code, stderr } = await setup();
  expect(code).toBe(1);
  expect(stderr).toContain('what is ?');
  expect(stderr).toContain('The build failed');
  await tree.write('packages/one/src/main.js', 'export const version = 3;');
  expect(await setup()).toEqual(built);
});

test('an install that did not end, or lost a package since, is done again', async () => {
  await tree.remove('node_modules/.setup-stamp');
  expect(await setup()).toEqual(installed);
  await tree.remove('node_modules/vendored');
  expect(await setup()).toEqual(installed);
  expect(await tree.read('node_modules/vendored/package.json')).toContain('vendored');
  expect(await setup()).toEqual(idle);
});

test('a package.json that the lock file does not fit ends the set-up with the remedy', async () => {
  const before = await tree.read('package.json');
  await tree.write('package.json', before.replace('"vendored"', '"elsewhere"'));
  const { code, stderr } = await setup();
  expect(code).toBe(1);
  expect(stderr).toContain('npm ci failed');
  expect(stderr).toContain('npm install mends it');
  await tree.write('package.json', before);
  expect((await setup()).code).toBe(0);
});

test('an older Node is refused before anything is touched', async () => {
  await tree.write('package.json', packageJson('>=99.1'));
  const { code, stdout, stderr } = await setup();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`Node >=99.1 is needed, and this is ${process.versions.node}`);
});
