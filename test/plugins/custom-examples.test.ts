/** The examples of custom parts run as they stand, end by themselves, and stay small. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runNode } from '../fixtures/run-node.js';

const examples = new URL('../../examples/', import.meta.url);

/** What an example prints, once it has ended by itself and without a complaint. */
async function outputOf(example: string): Promise<string> {
  const { code, stdout, stderr } = await runNode(fileURLToPath(new URL(`dist/${example}/main.js`, examples)));
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

function numbersIn(text: string, pattern: RegExp): number[] {
  const match = pattern.exec(text);
  expect(text).toMatch(pattern);
  return (match?.slice(1) ?? []).map(Number);
}

describe('the example of a', () => {
  test('custom activation learns, and its saved model is the same when loaded', async () => {
    const output = await outputOf('custom-activation');
    const [before, after] = numbersIn(output, /Loss with mish: ([\d.]+) before training, ([\d.]+) after/);
    expect(after).toBeLessThan(0.1 * before);
    expect(output).toContain('The loaded model predicts the same: true');
  });

  test('custom layer learns, is listed with its weights, and its saved model is the same when loaded', async () => {
    const output = await outputOf('custom-layer');
    const [before, after] = numbersIn(output, /Loss: ([\d.]+) before training, ([\d.]+) after/);
    expect(after).toBeLessThan(0.1 * before);
    expect(output).toMatch(/squeeze_excite_1 \(squeezeExcite\) +\[batch, 6, 6, 4\] +16/);
    expect(output).toContain('The loaded model predicts the same: true');
  });

  test('custom op beats the repeating of pixels by far', async () => {
    const output = await outputOf('custom-op');
    const [repeated, learned] = numbersIn(output, /error: ([\d.]+) with repeated pixels, ([\d.]+) with depthToSpace/);
    expect(learned).toBeLessThan(0.2 * repeated);
  });

  test('custom optimizer learns, by name and as a value with options', async () => {
    const output = await outputOf('custom-optimizer');
    const [before, after] = numbersIn(output, /Loss with 'lion': ([\d.]+) before training, ([\d.]+) after/);
    expect(after).toBeLessThan(0.5 * before);
    const [first, last] = numbersIn(output, /Loss with lion\(.*0\.003.*\): ([\d.]+) before training, ([\d.]+) after/);
    expect(last).toBeLessThan(0.1 * first);
  });

  test('custom constraint holds every norm that would have gone beyond', async () => {
    const output = await outputOf('custom-constraint');
    const norms = String.raw`loss [\d.]+, norms of the filters ([\d.]+), ([\d.]+), ([\d.]+), ([\d.]+)`;
    expect(Math.min(...numbersIn(output, new RegExp(`Without: ${norms}`)))).toBeGreaterThan(0.5);
    expect(numbersIn(output, new RegExp(`With the constraint: ${norms}`))).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test('custom backend learns, and its own kernel computed every value', async () => {
    const output = await outputOf('custom-backend');
    const [first, last] = numbersIn(output, /Loss: ([\d.]+) in the first epoch, ([\d.]+) in the last/);
    expect(last).toBeLessThan(0.1 * first);
    const [values, share] = numbersIn(output, /relu gave (\d+) values .*, ([\d.]+) % of them 0/);
    expect(values).toBe(20 * 256 * 16);
    expect(share).toBeGreaterThan(10);
    expect(share).toBeLessThan(90);
  });
});

const parts = readdirSync(new URL('src/', examples), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.startsWith('custom-') && file.endsWith('.ts') && !file.endsWith('/main.ts'))
  .toSorted();

test('there is a part of each kind', () => {
  const folders = [...new Set(parts.map((file) => file.split('/')[0]))];
  expect(folders).toEqual([
    'custom-activation',
    'custom-backend',
    'custom-constraint',
    'custom-layer',
    'custom-op',
    'custom-optimizer',
  ]);
});

test.each(parts)('%s has at most 20 lines', (file) => {
  const lines = readFileSync(new URL(`src/${file}`, examples), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(20);
});
