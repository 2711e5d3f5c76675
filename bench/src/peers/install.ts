import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The packages of the peers, once; without install scripts, of which one downloads. Where it fails, the peers that need
 * them are skipped with their reason.
 */
export function installPeers(home: string): void {
  // npm writes this file last.
  if (existsSync(path.join(home, 'node_modules', '.package-lock.json'))) return;
  console.log('Installing the packages of the peers (npm ci in bench/peers) …');
  // npm is a script for the shell on Windows.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.error('They could not be installed; run `npm ci --ignore-scripts` in bench/peers.');
}
