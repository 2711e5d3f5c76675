import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

test('the script in the README runs as it stands, trains, and ends by itself', async () => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const [, script] = /^```js\n(.*?)^```/ms.exec(readme) ?? [];
  // Inside the workspace, so that the packages are found by name.
  const folder = await mkdtemp(path.join(import.meta.dirname, 'readme-'));
  try {
    await writeFile(path.join(folder, 'script.mjs'), script ?? '');
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, 'script.mjs')], {
      timeout: 60_000,
    });
    expect(script?.trim().split('\n').length).toBeLessThanOrEqual(30);
    expect(stdout).toContain('conv2d_1 (conv2d)');
    const [, accuracies] = /accuracy: \[([^\]]*)\]/.exec(stdout) ?? [];
    expect(Number(accuracies?.split(',').at(-1))).toBeGreaterThan(0.9);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('every folder of the engine, every package and every test folder that ARCHITECTURE.md names exists', async () => {
  const text = await readFile(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = [...text.matchAll(/`(test\/[a-z-]+)`/g)].map(([, folder]) => folder);
  expect(named.length).toBeGreaterThan(5);
  for (const folder of named) await expect(readFile(path.join(root, folder)), folder).rejects.toThrow('EISDIR');
});
