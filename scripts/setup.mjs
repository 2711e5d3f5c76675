// Makes a clone ready to run: checks Node, installs, builds. Says one line for each part that had work to do.
// It runs before anything is installed, so it imports nothing but Node's own modules.
import { fileURLToPath } from 'node:url';
import { build } from './setup/build.mjs';
import { checkNode } from './setup/check-node.mjs';
import { install } from './setup/install.mjs';
import { SetupError } from './setup/setup-error.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
try {
  checkNode(root);
  await install(root);
  await build(root);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
