import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { conv2d } from '@convoy/conv2d';
import { expect, test } from 'vitest';

const folder = import.meta.dirname;
const page = path.resolve(folder, '../../docs/conv2d.md');
const markdown = await readFile(page, 'utf8');

interface Row {
  readonly section: string;
  readonly cells: readonly string[];
}

interface Titled {
  readonly section: string;
  readonly title: string;
  readonly file: string;
}

/** The rows of all tables, without their heads. */
const rows: readonly Row[] = markdown.split(/^## /m).flatMap((text) => {
  const section = text.split('\n', 1)[0];
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => ({ section, cells: cellsOf(line) }));
});

/** A bar inside a cell is written with a backslash before it. */
function cellsOf(line: string): string[] {
  const cells = line.replaceAll('\\|', '\0').split('|').slice(1, -1);
  return cells.map((cell) => cell.replaceAll('\0', '|').trim());
}

/** Text and target of each link; the text may hold one pair of brackets. */
function linksOf(cell: string): { text: string; target: string }[] {
  const links = cell.matchAll(/\[((?:[^[\]]|\[[^\]]*\])+)\]\(([^)]+)\)/g);
  return [...links].map(([, text, target]) => ({ text, target }));
}

/** Every test that the tables name. */
const named = rows.flatMap(({ cells }) =>
  linksOf(cells[2]).map(({ text, target }) => ({ title: text, file: path.basename(target) })),
);

/** Every test of this folder, with the `describe` around it. */
async function writtenTests(): Promise<Titled[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts') && file !== 'documentation.test.ts');
  const sources = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(folder, file), 'utf8') })),
  );
  return sources.flatMap(({ file, text }) => {
    let section = '';
    return [...text.matchAll(/^(describe| {2}test)\(\s*(['"])(.*?)(?<!\\)\2/gm)].flatMap(([, kind, , title]) => {
      if (kind === 'describe') section = title;
      return kind === 'describe' ? [] : [{ section, file, title: title.replaceAll("\\'", "'") }];
    });
  });
}

const written = await writtenTests();

test('no row of the tables has an empty cell', () => {
  expect(rows.length).toBeGreaterThan(150);
  for (const { section, cells } of rows) {
    expect(cells, `${section}: ${cells[0]}`).toHaveLength(4);
    expect(
      cells.every((cell) => cell !== ''),
      `${section}: ${cells[0]}`,
    ).toBe(true);
  }
});

test('every test that the tables name exists in the file that they name', () => {
  const exists = new Set(written.map(({ file, title }) => `${file}: ${title}`));
  for (const { section, cells } of rows) expect(linksOf(cells[2]), `${section}: ${cells[0]}`).not.toEqual([]);
  for (const { file, title } of named) expect(exists).toContain(`${file}: ${title}`);
});

test('every test of the layer is named in the tables, and stands under a heading of the page', () => {
  const inTables = new Set(named.map(({ file, title }) => `${file}: ${title}`));
  const headings = new Set(rows.map(({ section }) => section));
  expect(written.length).toBeGreaterThan(180);
  for (const { section, file, title } of written) {
    expect(inTables).toContain(`${file}: ${title}`);
    expect(headings, file).toContain(section);
  }
  expect([...headings].filter((heading) => !written.some(({ section }) => section === heading))).toEqual([]);
});

test('every place that the tables name exists', async () => {
  for (const { section, cells } of rows) {
    const places = linksOf(cells[1]);
    expect(places, `${section}: ${cells[0]}`).not.toEqual([]);
    for (const { text, target } of places) {
      expect(path.basename(target)).toBe(text);
      await access(path.resolve(path.dirname(page), target));
    }
  }
});

test('the tables have a row for every argument, property and method', () => {
  const membersOf = (section: string): string[] =>
    rows
      .filter((row) => row.section === section)
      .flatMap(({ cells }) => [...cells[0].matchAll(/`(\w+)/g)].map(([, name]) => name));
  const keywords = { dtype: null, scope: null, reuse: null, inputShape: [1, 1, 1], batchSize: null };
  const options = conv2d({ filters: 1, kernelSize: 1, activityRegularizer: null, ...keywords }).getConfig();
  const all = Object.keys(options);
  expect(all).toHaveLength(22);
  expect(membersOf('Keywords')).toEqual(Object.keys(keywords));
  expect(membersOf('Arguments').toSorted()).toEqual(all.filter((name) => !(name in keywords)).toSorted());
  expect(membersOf('Properties')).toEqual(
    expect.arrayContaining(
      'activityRegularizer dtype graph input inputShape losses name nonTrainableVariables nonTrainableWeights output '
        .concat('outputShape scopeName trainableVariables trainableWeights updates variables weights')
        .split(' '),
    ),
  );
  expect(membersOf('Methods')).toEqual(
    expect.arrayContaining(
      'conv2d apply call build computeOutputShape countParams addVariable addLoss addUpdate getLossesFor getUpdatesFor '
        .concat('getInputAt getOutputAt getInputShapeAt getOutputShapeAt deepCopy getConfig getWeights graph')
        .split(' '),
    ),
  );
});

test('the example of the page runs as it stands, trains, and ends by itself', async () => {
  const [, script] = /^```js\n(.*?)^```/ms.exec(markdown) ?? [];
  // Inside the workspace, so that the packages are found by name.
  const place = await mkdtemp(path.join(folder, 'example-'));
  try {
    await writeFile(path.join(place, 'script.mjs'), script ?? '');
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(place, 'script.mjs')], {
      timeout: 60_000,
    });
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe('[ null, 12, 12, 8 ]');
    expect(stdout).toContain("conv2d_1 conv2d [ 'conv2d/kernel:0', 'conv2d/bias:0' ]");
    const [, losses] = /\[\s*([\d.,\s]+)\]\n\[ 1, 12, 12, 8 \]$/.exec(stdout.trim()) ?? [];
    const numbers = (losses ?? '').split(',').map(Number);
    expect(numbers).toHaveLength(5);
    expect(numbers[4]).toBeLessThan(numbers[0]);
  } finally {
    await rm(place, { recursive: true });
  }
});
