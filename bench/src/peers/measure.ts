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
  /** The same with fewer images a step, for peers that are too slow. */
  readonly small: { readonly folder: string; readonly batchSize: number };
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
/** Peers that would need longer than this are timed on the smaller batch, and the time is multiplied. */
const TOO_SLOW_MS = 60_000;
const OURS = fileURLToPath(new URL('ours.js', import.meta.url));

interface Running {
  readonly peer: Peer;
  readonly process: PeerProcess;
  readonly losses: readonly number[];
  readonly smallLosses: readonly number[];
  /** Images of a step that is measured, and how many such steps are one of the task. */
  readonly batchSize: number;
  readonly scale: number;
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
    for (const { process: child, guess, scale, times } of running) {
      if (guess > SLOW_MS && round > 0) continue;
      const steps = Math.max(1, Math.round(ROUND_MS / guess));
      const { milliseconds } = await child.run(steps);
      times.push((scale * milliseconds) / steps);
    }
  }
  const ours = running.find(({ peer }) => peer.script === null);
  for (const { peer, process: child, times, ...each } of running) {
    child.stop();
    const isSmall = each.batchSize !== batchSize;
    const expected = isSmall ? ours?.smallLosses : ours?.losses;
    results.push({
      ...common,
      peer: peer.name,
      version: child.greeting.version,
      threadsUsed: child.greeting.threads,
      median: median(times),
      least: Math.min(...times),
      lossDifference: expected && !peer.forwardOnly ? largestDifference(expected, each.losses) : null,
      measuredBatch: each.batchSize,
      forwardOnly: peer.forwardOnly ?? false,
    });
  }
  return results;
}

/** Tries the smaller batch first: a step of the whole one may take minutes. */
async function begin(peer: Peer, task: Task): Promise<Running> {
  const { batchSize, small } = task;
  const scale = batchSize / small.batchSize;
  const trial = await start(peer, task, small.folder);
  const { losses: smallLosses } = await trial.run(COMPARED);
  const { milliseconds } = await trial.run(1);
  const common = { peer, smallLosses, times: [] };
  if (scale * milliseconds > TOO_SLOW_MS) {
    const measured = { batchSize: small.batchSize, scale, guess: scale * milliseconds };
    return { ...common, ...measured, process: trial, losses: smallLosses };
  }
  trial.stop();
  const child = await start(peer, task, task.folder);
  const { losses } = await child.run(COMPARED);
  const { milliseconds: guess } = await child.run(1);
  return { ...common, process: child, losses, guess, batchSize, scale: 1 };
}

function start(peer: Peer, { threads, home }: Task, folder: string): Promise<PeerProcess> {
  const script = peer.script === null ? OURS : path.join(home, peer.script);
  return PeerProcess.start(peer.command ?? process.execPath, [script, folder, String(threads)]);
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]) / Math.abs(value)));
}
