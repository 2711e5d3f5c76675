import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';

/** Written when an install has ended well, so that an interrupted one is done again. */
const STAMP = 'node_modules/.setup-stamp';
const LOCK = 'package-lock.json';

/** Installs what package.json and the lock file ask for, unless just that is installed. */
export async function install(root) {
  if (isInstalled(root)) return;
  const command = existsSync(path.join(root, LOCK)) ? 'ci' : 'install';
  console.log(`Installing packages (npm ${command}) …`);
  rmSync(path.join(root, STAMP), { force: true });
  // Tools to build with are needed whatever NODE_ENV or a user's own .npmrc would leave out.
  const { code, output } = await npm(root, [
    command,
    '--include=dev',
    '--include=optional',
    '--no-progress',
    '--loglevel=error',
  ]);
  if (code !== 0)
    throw new SetupError(
      `${output}\n` +
        `npm ${command} failed. Is the registry reachable (npm ping), and is npm's cache writable (npm config get cache)? ` +
        `If ${LOCK} does not fit package.json, npm install mends it. Then run the same command again.`,
    );
  writeFileSync(path.join(root, STAMP), fingerprint(root));
}

function isInstalled(root) {
  const stamp = path.join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root) && missingPackages(root).length === 0;
}

/** A hash of all that decides what an install gives. */
function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of [LOCK, '.npmrc', 'package.json', ...workspaceManifests(root)]) {
    const at = path.join(root, file);
    hash.update(`\n${file}\n`).update(existsSync(at) ? readFileSync(at) : '');
  }
  return hash.digest('hex');
}

function workspaceManifests(root) {
  const { workspaces = [] } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const folders = workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`);
  });
  return folders.map((folder) => `${folder}/package.json`);
}

/** Packages of the lock file that are not there; those for other platforms are optional. */
function missingPackages(root) {
  const lock = path.join(root, LOCK);
  if (!existsSync(lock)) return [];
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
  return Object.keys(packages).filter(
    (folder) =>
      folder.includes('node_modules/') &&
      !packages[folder].optional &&
      !existsSync(path.join(root, folder, 'package.json')),
  );
}

/** Under `npm run` the same npm that is running; else the one on the PATH, which on Windows is a shell script. */
function npm(root, args) {
  const own = process.env.npm_execpath;
  if (own?.endsWith('npm-cli.js')) return runQuietly(process.execPath, [own, ...args], { cwd: root });
  return runQuietly('npm', args, { cwd: root, shell: process.platform === 'win32' });
}
