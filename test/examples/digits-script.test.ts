/** The digits example as a user runs it, on a data set so small that it takes seconds. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folderOf, idxFiles } from '../data-formats/make-idx.js';
import { runNode } from '../fixtures/run-node.js';

const script = fileURLToPath(new URL('../../examples/dist/digits/main.js', import.meta.url));
const files = idxFiles(192, 48, 3, 12);

test('it trains on a folder of IDX files, tests, saves, loads again, and ends by itself', async () => {
  const data = await folderOf(files);
  const out = path.join(await folderOf({}), 'model');
  const options = [
    '--data',
    data,
    '--out',
    out,
    '--epochs',
    '6',
    '--batch-size',
    '16',
    '--workers',
    '2',
    '--seed',
    '3',
  ];
  const { code, stdout, stderr } = await runNode(script, options);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  // Nothing for a terminal in what is read by a program.
  expect(stdout).not.toContain('\u001B');
  expect(stdout).toMatch(/192 to train on and 48 to test on, 12×12, 3 classes/);
  const epochs =
    /^Epoch (\d)\/6 {2}loss [\d.]+ {2}accuracy +[\d.]+ % +[\d,]+ examples\/s {2}ETA +\d+:\d\d {2}2 workers$/gm;
  expect([...stdout.matchAll(epochs)].map(([, epoch]) => epoch)).toEqual(['1', '2', '3', '4', '5', '6']);

  // A third would be right by chance.
  const [, accuracy] = /^Test accuracy: ([\d.]+) %$/m.exec(stdout) ?? [];
  expect(Number(accuracy)).toBeGreaterThan(80);
  const rows = [...stdout.matchAll(/^([012])((?: +[\d·]+){3}) +16 +([\d.]+) %$/gm)];
  expect(rows).toHaveLength(3);
  const found = rows.map(([, label, counts]) => Number(counts.trim().split(/ +/)[Number(label)].replace('·', '0')));
  expect((100 * found.reduce((a, b) => a + b)) / 48).toBeCloseTo(Number(accuracy), 1);

  expect([...stdout.matchAll(/predicted [012], is [012]/g)]).toHaveLength(6);
  expect(stdout).toContain(`Saved in ${out}`);
  expect(await readdir(out)).toEqual(['model.json', 'weights.safetensors']);
  expect(stdout).toContain('its predictions for the 48 test images are identical');
});

test('Ctrl-C stops it after the running step: it says so, saves nothing and ends with code 130', async () => {
  const data = await folderOf(files);
  const out = path.join(await folderOf({}), 'model');
  const options = ['--data', data, '--out', out, '--epochs', '100000', '--batch-size', '16', '--workers', '2'];
  const child = spawn(process.execPath, [script, ...options], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  child.stdout.on('data', (text: Buffer) => {
    if (!stdout.includes('Epoch') && text.includes('Epoch')) child.kill('SIGINT');
    stdout += text.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(stderr).toBe('');
  expect(code).toBe(130);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('Interrupted: stopped after the running step.');
  expect(stdout).not.toContain('Test accuracy');
  expect(existsSync(path.join(out, 'model.json'))).toBe(false);
});

describe('it is refused, in one line and with code 1,', () => {
  async function expectRefusal(options: readonly string[], says: string): Promise<void> {
    const { code, stdout, stderr } = await runNode(script, options);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([expect.stringContaining(says), '']);
    expect(code).toBe(1);
  }

  test('an unknown option', () => expectRefusal(['--epoch', '3'], 'unknown option --epoch; --help lists the options'));
  test('an unknown option with no-', () => expectRefusal(['--no-colour'], 'unknown option --colour'));
  test('an option without a value', () => expectRefusal(['--data'], '--data needs a value'));
  test('a word without an option', () => expectRefusal(['folder'], "'folder' belongs to no option"));
  test('epochs that are no number', () =>
    expectRefusal(['--epochs', '2.5'], "--epochs must be an integer from 1 on, got '2.5'"));
  test('workers that are no number', () => expectRefusal(['--workers', 'all'], "got 'all'"));
  test('a folder that is none', () =>
    expectRefusal(['--data', script], `${script}: expected a folder of IDX files, found none`));

  test('a place for the model that is none', async () => {
    const data = await folderOf(files);
    await expectRefusal(['--data', data, '--out', script], `${script}: expected a folder for the model`);
  });
});

test('--help lists every option, without colours where there is no terminal', async () => {
  const { code, stdout } = await runNode(script, ['--help']);
  expect(code).toBe(0);
  expect(stdout).not.toContain('\u001B');
  for (const option of ['data', 'epochs', 'batch-size', 'seed', 'workers', 'out'])
    expect(stdout).toContain(`--${option}=<`);
});
