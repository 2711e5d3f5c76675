// One thread of async/threads.test.ts: does its part on the shared memory, then posts what came of it.
import { parentPort, workerData } from 'node:worker_threads';
import { addShared, Probe } from '../../packages/engine/dist/async/shared-memory/adding.js';
import { Claims } from '../../packages/engine/dist/async/shared-memory/claim.js';
import { Publication } from '../../packages/engine/dist/async/shared-memory/publication.js';
import { AtomicWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';

const { buffer, part, at } = workerData;
const words = new AtomicWords(buffer);
const floats = new Float32Array(buffer);

const parts = {
  /** Publishes blocks of equal floats until told to stop. */
  write({ size, stop }) {
    const publication = new Publication(words, at, size);
    while (words.load(stop) === 0) {
      const address = publication.take();
      const start = address / 4;
      floats.fill(publication.latest.version + 1, start, start + size.length);
      publication.publish(address);
    }
    return publication.latest.version;
  },

  /** Copies the block until told to stop, and at least so often; every float must be its version. */
  read({ size, reader, own, atLeast, stop }) {
    const publication = new Publication(words, at, size);
    const seen = new Set();
    let [reads, torn, backwards, last] = [0, 0, 0, 0];
    for (; reads < atLeast || words.load(stop) === 0; reads++) {
      const version = publication.copy(reader, own);
      if (!floats.subarray(own / 4, own / 4 + size.length).every((value) => value === version)) torn++;
      if (version < last) backwards++;
      last = version;
      seen.add(version);
    }
    return { reads, torn, backwards, versions: seen.size };
  },

  /** Claims units until there are none; each adds 1 to its word of the tally. */
  claim({ limit, replica, tally }) {
    const claims = new Claims(words, at, limit);
    for (let unit = claims.claim(replica); unit !== undefined; unit = claims.claim(replica))
      if (claims.finish(replica, unit)) words.add(tally + 4 * unit, 1);
  },

  add({ cells, times, model, update, length }) {
    const probe = new Probe(words, at, cells);
    for (let n = 0; n < times; n++) addShared(words, model, update, length, probe);
  },

  /** Flips a block between two bit patterns until told to stop. */
  flip({ length, stop }) {
    const bits = new Int32Array(buffer, at, length);
    while (words.load(stop) === 0) {
      for (let i = 0; i < length; i++) bits[i] = 0;
      for (let i = 0; i < length; i++) bits[i] = -1;
    }
  },
};

parentPort.postMessage('started');
parentPort.postMessage(parts[part](workerData));
