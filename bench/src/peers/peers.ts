import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineLine } from '../machine.js';
import { nets } from '../nets/nets.js';
import { knownPeers, type Peer } from './known-peers.js';
import { markdownOf, type PeerResult } from './peer-table.js';
import { measure } from './measure.js';
import { writeRecipe } from './recipe.js';

/** Where the packages of the peers are installed, outside of the workspaces. */
const HOME = fileURLToPath(new URL('../../peers', import.meta.url));
const LEARNING_RATE = 0.01;
const SMALL_BATCH = 4;

/**
 * Training steps of the same nets, from the same weights and data, by Convoy and by other libraries: one process each, in turn, round
 * by round.
 */
export async function peers(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nets: { type: 'string', default: Object.keys(nets).join() },
      peers: { type: 'string', default: knownPeers.map(({ name }) => name).join() },
      threads: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '5' },
      batch: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const chosen = values.peers.split(',').map(peerNamed);
  install(chosen);
  const results: PeerResult[] = [];
  for (const name of values.nets.split(',')) {
    const net = nets[name];
    if (!net) throw new RangeError(`--nets: there is no net '${name}'; there are ${Object.keys(nets).join(', ')}`);
    const batchSize = Number(values.batch ?? net.batchSize);
    const folder = await writeRecipe(name, net, batchSize, LEARNING_RATE);
    const smallSize = Math.min(SMALL_BATCH, batchSize);
    const small = { batchSize: smallSize, folder: await writeRecipe(name, net, smallSize, LEARNING_RATE) };
    try {
      for (const threads of values.threads.split(',').map(Number)) {
        const task = { net: name, folder, batchSize, small, threads, home: HOME };
        results.push(...(await measure(chosen, task, Number(values.rounds))));
      }
    } finally {
      for (const each of [folder, small.folder]) await rm(each, { recursive: true });
    }
  }
  const command = `npm run bench -- peers ${args.join(' ')}`.trim();
  const text = `${machineLine()}\n\`${command}\`\n\n${markdownOf(results)}`;
  console.log(`\n${text}`);
  if (values.markdown) await writeFile(values.markdown, `${text}\n`);
  if (values.json) await writeFile(values.json, JSON.stringify({ machine: machineLine(), command, results }, null, 1));
}

function peerNamed(name: string): Peer {
  const peer = knownPeers.find((each) => each.name === name);
  if (peer) return peer;
  throw new RangeError(`--peers: there is no peer '${name}'; there are ${knownPeers.map((p) => p.name).join(', ')}`);
}

/** Once; without install scripts, of which one downloads. */
function install(chosen: readonly Peer[]): void {
  if (!chosen.some(({ script }) => script?.endsWith('.mjs')) || existsSync(path.join(HOME, 'node_modules'))) return;
  console.log('Installing the packages of the peers (npm ci in bench/peers) …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', HOME], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the peers could not be installed; run `npm ci --ignore-scripts` in bench/peers');
}
