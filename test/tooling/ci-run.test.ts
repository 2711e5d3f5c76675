import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScratchTree } from './scratch-tree.js';

/** Of each test file that vitest runs in the tree. */
const imports = `import { expect, test } from 'vitest';\n`;

let tree: ScratchTree;

beforeEach(async () => {
  tree = await ScratchTree.create({
    'package.json': JSON.stringify({ type: 'module', scripts: { verify: 'node scripts/test.mjs' } }),
    'test/vitest.config.ts': 'export default { test: { root: import.meta.dirname } };',
    'test/good.test.ts': `${imports}test('adds', () => { expect(1 + 1).toBe(2); });`,
  });
  await tree.copy('scripts', '.ci');
  await tree.linkTools();
});

afterEach(() => tree.remove());

/** Exit code and last line of what CI runs; HOME is a folder that is not there. */
async function ci(): Promise<{ code: number | string; last: string | undefined }> {
  const { code, stdout } = await tree.run('bash', [tree.at('.ci/run')], { HOME: tree.at('nowhere') });
  return { code, last: stdout.trimEnd().split('\n').at(-1) };
}

test('tests that pass are counted', async () => {
  expect(await ci()).toEqual({ code: 0, last: '1 passed, 0 failed' });
});

test('failed and skipped tests, files that do not load and hooks that throw are counted', async () => {
  await tree.write(
    'test/bad.test.ts',
    `${imports}test('adds', () => { expect(1 + 1).toBe(3); });\ntest.skip('later', () => {});`,
  );
  await tree.write('test/broken.test.ts', `throw new Error('does not load');`);
  await tree.write(
    'test/hook.test.ts',
    `import { beforeAll } from 'vitest';\n${imports}beforeAll(() => { throw new Error('no tree'); });\ntest('waits', () => {});`,
  );
  expect(await ci()).toEqual({ code: 1, last: '1 passed, 3 failed, 2 skipped' });
});

test('an error outside of all tests is a failure', async () => {
  await tree.write(
    'test/stray.test.ts',
    `${imports}test('waits', async () => { Promise.reject(new Error('stray')); await new Promise((done) => setTimeout(done, 20)); });`,
  );
  expect(await ci()).toEqual({ code: 1, last: '2 passed, 1 failed' });
});

test('a run that never reaches its tests is a failure', async () => {
  await tree.write('test/vitest.config.ts', `throw new Error('no config');`);
  expect(await ci()).toEqual({ code: 1, last: '0 passed, 1 failed' });
  await tree.write('package.json', JSON.stringify({ scripts: { verify: 'echo lint finds something; exit 3' } }));
  expect(await ci()).toEqual({ code: 3, last: '0 passed, 1 failed' });
});
