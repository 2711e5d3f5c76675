import { median } from '../median.js';
import { begin, type Running, type Task } from './begin.js';
import type { Peer } from './known-peers.js';
import type { PeerResult } from './peer-table.js';

/** A round takes about so long, but at least one step. */
const ROUND_MS = 1500;
/** Peers that need longer than this for a step are measured once. */
const SLOW_MS = 10_000;

/** All peers in turn, round by round; those that cannot run are said with their reason. */
export async function measure(peers: readonly Peer[], task: Task, rounds: number): Promise<PeerResult[]> {
  const { net, threads, batchSize, home } = task;
  const running = new Map<Peer, Running>();
  const skipped = new Map<Peer, string>();
  const attempt = async (peer: Peer, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      running.get(peer)?.process.stop();
      running.delete(peer);
      const reason = (error instanceof Error ? error.message : String(error)).replaceAll(home, 'bench/peers');
      skipped.set(peer, peer.remedy ? `${reason}; ${peer.remedy}` : reason);
    }
  };
  try {
    for (const peer of peers) {
      if (threads > 1 && !peer.threaded) skipped.set(peer, 'computes on one thread only');
      else {
        console.log(`${net}, ${threads} ${threads === 1 ? 'thread' : 'threads'}: ${peer.name} …`);
        await attempt(peer, async () => void running.set(peer, await begin(peer, task)));
      }
    }
    for (let round = 0; round < rounds; round++)
      for (const [peer, each] of running)
        if (round === 0 || each.guess <= SLOW_MS) await attempt(peer, () => measureRound(each));
  } finally {
    for (const each of running.values()) each.process.stop();
  }
  const common = { net, threads, batchSize };
  return peers.map((peer) => {
    const each = running.get(peer);
    if (!each) return { ...common, peer: peer.name, skipped: skipped.get(peer) ?? 'unknown' };
    return { ...common, ...resultOf(peer, each, running) };
  });
}

async function measureRound({ process: child, guess, scale, times }: Running): Promise<void> {
  const steps = Math.max(1, Math.round(ROUND_MS / guess));
  const { milliseconds } = await child.run(steps);
  times.push((scale * milliseconds) / steps);
}

function resultOf(peer: Peer, each: Running, running: ReadonlyMap<Peer, Running>) {
  const { process: child, times, losses, smallLosses, scale } = each;
  const { version, threads: threadsUsed } = child.greeting;
  const ours = [...running].find(
    ([other]) => other !== peer && other.script === null && other.forwardOnly === peer.forwardOnly,
  )?.[1];
  const lossDifference = !ours
    ? null
    : scale === 1
      ? largestDifference(ours.losses, losses)
      : largestDifference(ours.smallLosses, smallLosses);
  const { name, forwardOnly } = peer;
  const [middle, least] = [median(times), Math.min(...times)];
  const measured = { median: middle, least, rounds: times.length, measuredBatch: each.batchSize };
  return { peer: name, forwardOnly, version, threadsUsed, ...measured, lossDifference };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]) / Math.abs(value)));
}
