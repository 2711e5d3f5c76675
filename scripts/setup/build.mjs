import path from 'node:path';
import { runQuietly } from './run-quietly.mjs';
import { SetupError } from './setup-error.mjs';

/** Brings every `dist` up to date: turbo hashes the sources, builds what changed and restores what was deleted. */
export async function build(root) {
  const turbo = path.join(root, 'node_modules/turbo/bin/turbo');
  let said = false;
  const { code, output } = await runQuietly(
    process.execPath,
    [turbo, 'run', 'build', '--output-logs=new-only', '--no-color'],
    {
      cwd: root,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
      onOutput: (piece) => {
        if (said || !piece.includes('cache miss')) return;
        said = true;
        console.log('Building …');
      },
    },
  );
  if (code !== 0)
    throw new SetupError(`${output}\nThe build failed: mend what is named above, then run the same command again.`);
}
