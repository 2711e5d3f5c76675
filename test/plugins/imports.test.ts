/** What a user imports does nothing by itself: parts are values, and an engine begins with `createEngine`. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runNode } from '../fixtures/run-node.js';

const packages = new URL('../../packages/', import.meta.url);
const folders = ['', 'backends/'].flatMap((under) =>
  readdirSync(new URL(under, packages), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'backends')
    .map((entry) => `${under}${entry.name}`),
);

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const entries = folders.flatMap((folder) => {
  const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8')) as Manifest;
  return Object.keys(exports).map((entry) => `${name}${entry.slice(1)}`);
});

interface Snapshot {
  readonly threads: number;
  readonly resources: readonly string[];
  readonly globals: readonly string[];
  readonly listeners: readonly string[];
}

test('the packages and their entries are found', () => {
  expect(entries).toEqual(expect.arrayContaining(['@convoy/engine', '@convoy/engine/kernels', '@convoy/backend-js']));
});

test.each(entries)('importing %s starts no thread, leaves no handle, listener or global, and ends', async (entry) => {
  const script = fileURLToPath(new URL('../fixtures/plugins/imports.mjs', import.meta.url));
  const { code, stdout, stderr } = await runNode(script, [entry]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { before, after } = JSON.parse(stdout) as { before: Snapshot; after: Snapshot };
  expect(after.threads).toBe(0);
  expect(after.resources).toEqual(before.resources);
  expect(after.listeners).toEqual(before.listeners);
  // The container's own helper library leaves its functions (`__extends`, …) there.
  const added = after.globals.filter((name) => !before.globals.includes(name) && !name.startsWith('__'));
  expect(added).toEqual([]);
});
