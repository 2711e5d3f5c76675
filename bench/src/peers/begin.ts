import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from './known-peers.js';
import type { PeersOptions } from './options.js';
import { PeerProcess } from './peer-process.js';

/** What is measured of every peer. */
export interface Task {
  readonly net: string;
  readonly folder: string;
  readonly batchSize: number;
  /** The same with fewer images a step, for peers that are too slow. */
  readonly small: { readonly folder: string; readonly batchSize: number };
  readonly threads: number;
  readonly backend: PeersOptions['backend'];
  /** Folder of the peers' scripts. */
  readonly home: string;
}

/** A peer that has done its first steps. */
export interface Running {
  readonly process: PeerProcess;
  readonly losses: readonly number[];
  readonly smallLosses: readonly number[];
  /** Images of a step that is measured, and how many such steps are one of the task. */
  readonly batchSize: number;
  readonly scale: number;
  /** Milliseconds of a step that is measured, as first seen. */
  readonly guess: number;
  readonly times: number[];
}

/** Steps whose losses are compared. */
const COMPARED = 3;
/** Peers that would need longer than this for a step are timed on the smaller batch, and the time is multiplied. */
const TOO_SLOW_MS = 60_000;
const OURS = fileURLToPath(new URL('ours.js', import.meta.url));

/** Tries the smaller batch first: a step of the whole one may take minutes. */
export async function begin(peer: Peer, task: Task): Promise<Running> {
  const { folder, batchSize, small } = task;
  const scale = batchSize / small.batchSize;
  const trial = await firstSteps(peer, task, small.folder);
  const smallLosses = trial.losses;
  if (scale === 1 || scale * trial.guess > TOO_SLOW_MS)
    return { ...trial, smallLosses, batchSize: small.batchSize, scale, times: [] };
  trial.process.stop();
  return { ...(await firstSteps(peer, task, folder)), smallLosses, batchSize, scale: 1, times: [] };
}

async function firstSteps(peer: Peer, { threads, backend, home }: Task, folder: string) {
  const script =
    peer.script === null
      ? [OURS, folder, String(threads), backend, peer.forwardOnly ? 'forward' : 'train']
      : [path.join(home, peer.script), folder, String(threads)];
  const child = await PeerProcess.start(peer.command ?? process.execPath, script);
  try {
    const { losses } = await child.run(COMPARED);
    const { milliseconds: guess } = await child.run(1);
    return { process: child, losses, guess };
  } catch (error) {
    child.stop();
    throw error;
  }
}
