import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { Probe } from '../../packages/engine/dist/async/shared-memory/adding.js';
import { Claims } from '../../packages/engine/dist/async/shared-memory/claim.js';
import { Publication } from '../../packages/engine/dist/async/shared-memory/publication.js';
import { AtomicWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';

/** Where a word stands that tells threads to stop; everything else begins a page later. */
const STOP = 0;
const START = 4096;
const buffer = new SharedArrayBuffer(4 * 2 ** 20);
const words = new AtomicWords(buffer);
const threads: Worker[] = [];

/** A thread that has begun its part; `result` is what it posts at the end. */
async function start(part: string, data: object): Promise<{ worker: Worker; result: Promise<unknown> }> {
  const workerData = { buffer, part, at: START, stop: STOP, ...data };
  const worker = new Worker(new URL('./thread.mjs', import.meta.url), { workerData });
  threads.push(worker);
  await once(worker, 'message');
  return { worker, result: once(worker, 'message').then(([result]) => result as unknown) };
}

afterEach(async () => {
  words.store(STOP, 1);
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
  words.store(STOP, 0);
});

test('10,000 reads under load are each of one whole version, also when readers and writers are killed', async () => {
  // An odd length: V8 copies the last float byte by byte.
  const size = { readers: 3, length: 501 };
  const publication = new Publication(words, START, size);
  publication.reset();
  publication.publishCopy(START + Publication.bytes(size));
  const own = (reader: number): number => START + Publication.bytes(size) + 4096 * (1 + reader);
  // Version 1, as every other: floats that are its number.
  new Float32Array(buffer, publication.latest.address, size.length).fill(1);

  const writer = await start('write', { size });
  const reading = (reader: number): ReturnType<typeof start> =>
    start('read', { size, reader, own: own(reader), atLeast: 5000 });
  const readers = await Promise.all([reading(0), reading(1)]);
  const victim = await reading(2);
  await setTimeout(50);
  await victim.worker.terminate();
  publication.release(2);
  await writer.worker.terminate();
  const { version } = publication.latest;
  const successor = await start('write', { size });
  await setTimeout(50);
  words.store(STOP, 1);

  expect(await successor.result).toBeGreaterThan(version);
  for (const { result } of readers) {
    const found = (await result) as { reads: number; versions: number };
    expect(found).toMatchObject({ torn: 0, backwards: 0 });
    expect(found.reads).toBeGreaterThanOrEqual(5000);
    expect(found.versions).toBeGreaterThan(10);
  }
});

test('20,000 units counted out to three threads, one of which is killed, are all finished and none twice', async () => {
  const limit = 20_000;
  const tally = START + Claims.bytes(limit);
  const claims = new Claims(words, START, limit);
  claims.reset();
  const [victim, ...others] = await Promise.all([0, 1, 2].map((replica) => start('claim', { limit, replica, tally })));
  await victim.worker.terminate();
  claims.revoke(0);
  await Promise.all(others.map(({ result }) => result));
  const successor = await start('claim', { limit, replica: 0, tally });
  await successor.result;

  expect(claims.unfinished()).toBe(0);
  const times = new Int32Array(buffer, tally, limit);
  expect(times.every((count) => count <= 1)).toBe(true);
  // The thread that died may have finished a unit that it had no time to tally.
  expect(times.filter((count) => count === 0).length).toBeLessThanOrEqual(1);
});

test('the probe counts every add that two threads try, and never more lost than were tried', async () => {
  const cells = 16;
  const probe = new Probe(words, START, cells);
  probe.reset();
  const model = START + Probe.bytes(cells);
  const data = { cells, times: 50_000, model, update: model + 4096, length: 100 };
  const adding = await Promise.all([start('add', data), start('add', data)]);
  await Promise.all(adding.map(({ result }) => result));
  expect(probe.tried).toBe(2 * data.times * cells);
  expect(probe.lost).toBeGreaterThanOrEqual(0);
  // The last store to a cell leaves at least 1 in it.
  expect(probe.lost).toBeLessThan(probe.tried);
});

test('a block that is copied while it is written has no float that is half old and half new', async () => {
  const length = 7;
  await start('flip', { length });
  const own = START + 4096;
  const bits = new Int32Array(buffer, own, length);
  const seen = new Set<number>();
  const end = performance.now() + 300;
  while (performance.now() < end) {
    // To places and from places that lie differently to 8 bytes.
    words.copyRacedFloats(own, START + 4, length - 1);
    for (const value of bits.subarray(0, length - 1)) seen.add(value);
  }
  expect(seen).toEqual(new Set([0, -1]));
});
