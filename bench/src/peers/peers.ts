import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineLine } from '../machine.js';
import { nets } from '../nets/nets.js';
import { installPeers } from './install.js';
import { measure } from './measure.js';
import { peersOptions } from './options.js';
import { markdownOf, type PeerResult } from './peer-table.js';
import { writeRecipe } from './recipe.js';

/** Where the packages of the peers are installed, outside of the workspaces. */
const HOME = fileURLToPath(new URL('../../peers', import.meta.url));
const SMALL_BATCH = 4;

/**
 * Training steps of the same nets, from the same weights and data, by Convoy and by other libraries: one process each, in turn, round
 * by round.
 */
export async function peers(args: readonly string[]): Promise<void> {
  const options = peersOptions(args);
  const { backend, rounds, json, markdown } = options;
  if (options.peers.some(({ script }) => script?.endsWith('.mjs'))) installPeers(HOME);
  const folder = mkdtempSync(path.join(tmpdir(), 'convoy-peers-'));
  // However this process ends.
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const results: PeerResult[] = [];
  for (const name of options.nets) {
    const net = nets[name];
    const batchSize = options.batch ?? net.batchSize;
    const recipe = async (images: number) => ({
      batchSize: images,
      folder: await writeRecipe(folder, name, net, images),
    });
    const [whole, small] = [await recipe(batchSize), await recipe(Math.min(SMALL_BATCH, batchSize))];
    for (const threads of options.threads) {
      const task = { net: name, ...whole, small, threads, backend, home: HOME };
      results.push(...(await measure(options.peers, task, rounds)));
    }
  }
  const command = `npm run bench -- peers ${args.join(' ')}`.trim();
  const text = `${machineLine()}\n\`${command}\`\n\n${markdownOf(results)}`;
  console.log(`\n${text}`);
  if (markdown) await writeFile(markdown, `${text}\n`);
  if (json) await writeFile(json, `${JSON.stringify({ machine: machineLine(), command, results }, null, 1)}\n`);
}
