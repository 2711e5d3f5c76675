import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './setup-error.mjs';

/** Holds the running Node against `engines` in package.json, written there as `>=major.minor`. */
export function checkNode(root) {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [major, minor] = numbersIn(engines.node);
  const [ownMajor, ownMinor] = numbersIn(process.versions.node);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new SetupError(
    `Node ${engines.node} is needed, and this is ${process.versions.node} (${process.execPath}): install a newer one`,
  );
}

function numbersIn(version) {
  return version.match(/\d+/g).map(Number);
}
