import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../median.js';
import type { Peer } from './known-peers.js';
import { PeerProcess } from './peer-process.js';
import type { PeerResult } from './peer-table.js';

/** What is measured of every peer. */
export interface Task {
  readonly net: string;
  readonly folder: string;
  readonly batchSize: number;
  readonly threads: number;
  /** Folder of the peers' scripts. */
  readonly home: string;
}

/** Steps whose losses are compared. */
const COMPARED = 3;
/** A round takes about so long, but at least one step. */
const ROUND_MS = 1500;
/** Peers that need longer than this for a step are measured once. */
const SLOW_MS = 10_000;
const OURS = fileURLToPath(new URL('ours.js', import.meta.url));

interface Running {
  readonly peer: Peer;
  readonly process: PeerProcess;
  readonly losses: readonly number[];
  /** Milliseconds of a step, as first seen. */
  readonly guess: number;
  readonly times: number[];
}

/** All peers in turn, round by round; those that cannot run are said with their reason. */
export async function measure(peers: readonly Peer[], task: Task, rounds: number): Promise<PeerResult[]> {
  const { net, threads, batchSize } = task;
  const running: Running[] = [];
  const results: PeerResult[] = [];
  const common = { net, threads, batchSize };
  for (const peer of peers) {
    if (threads > 1 && !peer.threaded) continue;
    console.log(`${net}, ${threads} threads: ${peer.name} …`);
    try {
      running.push(await begin(peer, task));
    } catch (error) {
      results.push({ ...common, peer: peer.name, skipped: error instanceof Error ? error.message : String(error) });
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { process: child, guess, times } of running) {
      if (guess > SLOW_MS && round > 0) continue;
      const steps = Math.max(1, Math.round(ROUND_MS / guess));
      const { milliseconds } = await child.run(steps);
      times.push(milliseconds / steps);
    }
  }
  const ours = running.find(({ peer }) => peer.script === null)?.losses;
  for (const { peer, process: child, losses, times } of running) {
    child.stop();
    results.push({
      ...common,
      peer: peer.name,
      version: child.greeting.version,
      threadsUsed: child.greeting.threads,
      median: median(times),
      least: Math.min(...times),
      lossDifference: ours && !peer.forwardOnly ? largestDifference(ours, losses) : null,
      forwardOnly: peer.forwardOnly ?? false,
    });
  }
  return results;
}

async function begin(peer: Peer, { folder, threads, home }: Task): Promise<Running> {
  const script = peer.script === null ? OURS : path.join(home, peer.script);
  const child = await PeerProcess.start(peer.command ?? process.execPath, [script, folder, String(threads)]);
  const { losses } = await child.run(COMPARED);
  const { milliseconds } = await child.run(1);
  return { peer, process: child, losses, guess: milliseconds, times: [] };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]) / Math.abs(value)));
}
