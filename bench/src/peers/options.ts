import { parseArgs } from 'node:util';
import { nets } from '../nets/nets.js';
import { knownPeers, type Peer } from './known-peers.js';

const BACKENDS = ['wasm', 'js'] as const;

/** What is measured, and where the tables go. */
export interface PeersOptions {
  readonly nets: readonly string[];
  readonly peers: readonly Peer[];
  readonly threads: readonly number[];
  readonly rounds: number;
  /** Images of a step; default: those of the net. */
  readonly batch: number | undefined;
  /** Of Convoy. */
  readonly backend: (typeof BACKENDS)[number];
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

/** @throws RangeError that names the option and what it may be */
export function peersOptions(args: readonly string[]): PeersOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nets: { type: 'string', default: Object.keys(nets).join() },
      peers: { type: 'string', default: knownPeers.map(({ name }) => name).join() },
      threads: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '5' },
      batch: { type: 'string' },
      backend: { type: 'string', default: BACKENDS[0] },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const { json, markdown } = values;
  return {
    nets: values.nets.split(',').map((name) => oneOf('--nets', Object.keys(nets), name)),
    peers: values.peers.split(',').map((name) => {
      const at = knownPeers.map((peer) => peer.name);
      return knownPeers[at.indexOf(oneOf('--peers', at, name))];
    }),
    threads: values.threads.split(',').map((text) => count('--threads', text)),
    rounds: count('--rounds', values.rounds),
    batch: values.batch === undefined ? undefined : count('--batch', values.batch),
    backend: oneOf('--backend', BACKENDS, values.backend),
    json,
    markdown,
  };
}

function oneOf<Name extends string>(option: string, names: readonly Name[], given: string): Name {
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  throw new RangeError(`${option} must be of ${names.join(', ')}, got '${given}'`);
}

function count(option: string, given: string): number {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new RangeError(`${option} must be a whole number from 1 up, got '${given}'`);
}
