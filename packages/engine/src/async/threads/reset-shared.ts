import { Probe } from '../shared-memory/adding.js';
import { Publication } from '../shared-memory/publication.js';
import type { SharedWords } from '../shared-memory/shared-words.js';
import { blockLength, LineWord, lineOf, PROBE_CELLS } from './run-layout.js';
import type { RunSetup } from './run-setup.js';

/** The shared words of a run as they are before its first pass. */
export function resetShared({ layout, roles, replicas }: RunSetup, words: SharedWords): void {
  const size = { readers: replicas.length, length: blockLength(roles.weights) };
  new Publication(words, layout.publication, size).reset();
  new Probe(words, layout.probe, PROBE_CELLS).reset();
  for (const party of ['owner', ...replicas.keys()] as const) {
    for (const word of Object.values(LineWord)) words.store(lineOf(layout, party) + word, 0);
  }
}
