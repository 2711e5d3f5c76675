// Runs the tests on what setup.mjs has built. Arguments go on to vitest: `npm test -- determinism`, `npm test -- -t 'short last batch'`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { summarize } from './test-summary.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts'];
const options = process.argv.slice(2);

if (process.env.CI === 'true') {
  const folder = mkdtempSync(path.join(tmpdir(), 'convoy-test-'));
  const results = path.join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const status = run([...reporters, ...options]);
  const { line, failed } = summarize(results, status);
  rmSync(folder, { recursive: true });
  console.log(line);
  process.exitCode = status || (failed > 0 ? 1 : 0);
} else {
  process.exitCode = run(options);
}

/** Exit code of vitest; 1 when a signal ended it. */
function run(args) {
  return spawnSync(process.execPath, [...vitest, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
