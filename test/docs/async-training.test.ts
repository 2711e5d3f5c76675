import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { elasticAveraging, localSgd, parameterServer, simulate } from '@convoy/engine';
import { expect, test } from 'vitest';

const text = await readFile(path.resolve(import.meta.dirname, '../../docs/async-training.md'), 'utf8');

test('the strategy of the documentation runs as it stands, with the same bits each time and in the simulator', async () => {
  const [parties, script] = [...text.matchAll(/<!-- run by test\/docs -->\n\n```js\n(.*?)^```/gms)].map(
    ([, code]) => code,
  );
  // Inside the workspace, so that the packages are found by name.
  const folder = await mkdtemp(path.join(import.meta.dirname, 'strategy-'));
  try {
    await writeFile(path.join(folder, 'round-robin-parties.mjs'), parties);
    await writeFile(path.join(folder, 'script.mjs'), script);
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, 'script.mjs')], {
      timeout: 60_000,
    });
    const [first, second, predicted] = stdout.trim().split('\n');
    expect(first).toMatch(/^loss 0\.00\d+, staleness 4,60$/);
    expect(second).toBe(first);
    // Both wait for the slow replica, which takes 20 ms.
    expect(predicted).toBe('with a slow replica: 100 batches/s');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the simulated cluster of the documentation comes out as its table says', async () => {
  const strategies = {
    'parameterServer({ staleness: 4 })': parameterServer({ staleness: 4 }),
    'parameterServer({ staleness: Infinity })': parameterServer({ staleness: Infinity }),
    'localSgd({ every: 16 })': localSgd({ every: 16 }),
    'elasticAveraging({ every: 16 })': elasticAveraging({ every: 16 }),
  };
  const [, world] = /const world = \{(.*?)\};/s.exec(text) ?? [];
  expect(world.trim()).toBe('computeMs: 20, latencyMs: 0.5, updateMs: 0.1, megabytesPerSecond: 10_000');
  for (const [name, strategy] of Object.entries(strategies)) {
    const { seconds, replicas } = await simulate(strategy, {
      computeMs: 20,
      latencyMs: 0.5,
      updateMs: 0.1,
      megabytesPerSecond: 10_000,
      replicas: 256,
      batches: 10_000,
      megabytes: 5,
    });
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const cells = row.split('|').map((cell) => cell.trim());
    expect(cells[2], name).toBe(Math.round(10_000 / seconds).toLocaleString('en-US'));
    const busy = replicas.reduce((sum, { busySeconds }) => sum + busySeconds, 0) / replicas.length / seconds;
    expect(cells[4], name).toBe(`${Math.round(100 * busy)} %`);
  }
});
