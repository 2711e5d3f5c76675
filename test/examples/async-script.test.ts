/** The example of asynchronous training as a user runs it, on a data set so small that it takes seconds. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folderOf, idxFiles } from '../data-formats/make-idx.js';
import { runNode } from '../fixtures/run-node.js';

const script = fileURLToPath(new URL('../../examples/dist/async/main.js', import.meta.url));
const files = idxFiles(192, 48, 3, 12);

test('it trains with each strategy, prints a table and a report, and writes a picture', async () => {
  const data = await folderOf(files);
  const out = path.join(await folderOf({}), 'pictures');
  const options = ['--data', data, '--out', out, '--epochs', '1', '--batch-size', '8', '--replicas', '2'];
  const { code, stdout, stderr } = await runNode(script, options);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const names = [
    'synchronous',
    'hogwild',
    'parameter server, staleness 0',
    'parameter server, staleness 2',
    'parameter server, staleness ∞',
    'local SGD',
    'local SGD, DiLoCo',
    'elastic averaging',
  ];
  const rows = [...stdout.matchAll(/^(.*?) +2 +\d+ +[\d.]+ % +(?:24|–) .*%?$/gm)].map(([, name]) => name);
  expect(rows).toEqual(names);
  expect(stdout).toContain('elasticAveraging: 24 updates in');
  expect(stdout).toContain(`Picture: ${path.join(out, 'strategies.svg')}`);

  const picture = await readFile(path.join(out, 'strategies.svg'), 'utf8');
  for (const name of names) expect(picture).toContain(`>${name}</text>`);
  expect((await readdir(out)).toSorted()).toEqual(
    ['diloco-2', 'elastic-2', 'hogwild-2', 'local-2', 'server-0-2', 'server-2-2', 'server-any-2', 'strategies']
      .map((name) => `${name}.svg`)
      .toSorted(),
  );
});

test('with --slow one replica does less than the other, and static claims are compared too', async () => {
  const data = await folderOf(files);
  const out = path.join(await folderOf({}), 'pictures');
  const given = ['--strategies', 'static,server-any', '--slow', '20', '--replicas', '2', '--images', '96'];
  const { code, stdout } = await runNode(script, ['--data', data, '--out', out, '--batch-size', '4', ...given]);
  expect(code).toBe(0);
  expect(stdout).toContain('synchronous, static claims');
  const batches = [...stdout.matchAll(/^ +[01] +(\d+) .*$/gm)].slice(0, 2).map(([, count]) => Number(count));
  expect(batches[0] + batches[1]).toBe(48);
  expect(Math.min(...batches)).toBeLessThan(20);
  expect(await readdir(out)).toContain('strategies-slow.svg');
});

describe('it is refused, in one line and with code 1,', () => {
  async function expectRefusal(options: readonly string[], says: string): Promise<void> {
    const { code, stdout, stderr } = await runNode(script, options);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([expect.stringContaining(says), '']);
    expect(code).toBe(1);
  }

  test('an unknown option', () => expectRefusal(['--replica', '3'], 'unknown option --replica; --help lists'));
  test('an unknown strategy', () =>
    expectRefusal(['--strategies', 'hogwild,horse'], '--strategies must be some of synchronous, hogwild, server-0'));
  test('no replicas', () => expectRefusal(['--replicas', '2,0'], "--replicas must be an integer from 1 on, got '0'"));
  test('a replica that is fast', () => expectRefusal(['--slow', '0.5'], '--slow must be a number from 1 on'));
  test('a number that is none', () => expectRefusal(['--images', 'all'], '--images must be an integer from 1 on'));
});

test('--help lists every option', async () => {
  const { code, stdout } = await runNode(script, ['--help']);
  expect(code).toBe(0);
  for (const option of ['replicas', 'strategies', 'slow', 'epochs', 'images', 'batch-size', 'seed', 'data', 'out'])
    expect(stdout).toContain(`--${option}=<`);
});
