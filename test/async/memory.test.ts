import { beforeEach, describe, expect, test } from 'vitest';
import { addShared, Probe } from '../../packages/engine/dist/async/shared-memory/adding.js';
import { Claims } from '../../packages/engine/dist/async/shared-memory/claim.js';
import { Publication } from '../../packages/engine/dist/async/shared-memory/publication.js';
import { AtomicWords } from '../../packages/engine/dist/async/shared-memory/shared-words.js';

const START = 128;
let words: AtomicWords;
beforeEach(() => {
  words = new AtomicWords(new SharedArrayBuffer(65536));
  // As the arena gives it: whatever was there before.
  for (let address = 0; address < 65536; address += 4) words.store(address, -1);
});

describe('a publication', () => {
  const size = { readers: 2, length: 17 };

  test('has a buffer to write while every reader holds another and a further one is current', () => {
    const publication = new Publication(words, START, size);
    publication.reset();
    const held = [0, 1].map((reader) => {
      publication.publish(publication.take());
      return publication.acquire(reader);
    });
    publication.publish(publication.take());
    const addresses = [...held.map(({ address }) => address), publication.latest.address, publication.take()];
    expect(new Set(addresses).size).toBe(4);
    expect(held.map(({ version }) => version)).toEqual([1, 2]);
    for (const address of addresses) {
      expect(address % 64).toBe(0);
      expect(address).toBeGreaterThan(START);
      expect(address + 4 * size.length).toBeLessThanOrEqual(START + Publication.bytes(size));
    }
  });

  test('copies in what the writer made and out to the reader, with the version', () => {
    const publication = new Publication(words, START, size);
    publication.reset();
    const [from, to] = [16384, 32768];
    for (let i = 0; i < size.length; i++) words.writeFloat(from + 4 * i, i / 3);
    words.writeFloat(to + 4 * size.length, 99);
    expect(publication.publishCopy(from)).toBe(1);
    expect(publication.copy(1, to)).toBe(1);
    const copied = Array.from({ length: size.length }, (_, i) => words.readFloat(to + 4 * i));
    expect(copied).toEqual(copied.map((_, i) => Math.fround(i / 3)));
    expect(words.readFloat(to + 4 * size.length)).toBe(99);
  });

  test('counts versions beyond what one float holds', () => {
    const publication = new Publication(words, START, size);
    publication.reset();
    words.writeFloat(publication.latest.address - 64, 2 ** 24 - 2);
    const versions = [1, 2, 3, 4].map(() => publication.publish(publication.take()));
    expect(versions).toEqual([-1, 0, 1, 2].map((n) => 2 ** 24 + n));
    expect(publication.acquire(0).version).toBe(2 ** 24 + 2);
  });

  test('stands beside another without touching it', () => {
    const [a, b] = [START, START + Publication.bytes(size)].map((address) => new Publication(words, address, size));
    a.reset();
    b.reset();
    for (let n = 0; n < 9; n++) a.publish(a.take());
    expect([a.latest.version, b.latest.version]).toEqual([9, 0]);
  });
});

describe('claims', () => {
  test('are counted out in order, and what was revoked comes first', () => {
    const claims = new Claims(words, START, 5);
    claims.reset();
    expect([0, 1, 0].map((replica) => claims.claim(replica))).toEqual([0, 1, 2]);
    expect(claims.finish(0, 0)).toBe(true);
    expect(claims.revoke(0)).toEqual([2]);
    expect([1, 1, 1, 1].map((replica) => claims.claim(replica))).toEqual([2, 3, 4, undefined]);
    expect(claims.unfinished()).toBe(4);
  });

  test('refuse a result whose unit was taken back, or was finished before', () => {
    const claims = new Claims(words, START, 2);
    claims.reset();
    claims.claim(0);
    claims.revoke(0);
    expect(claims.finish(0, 0)).toBe(false);
    expect(claims.claim(1)).toBe(0);
    expect([claims.finish(1, 0), claims.finish(1, 0)]).toEqual([true, false]);
  });

  test('begin anew after a reset, also for a thread that has looked for revoked units before', () => {
    const claims = new Claims(words, START, 1);
    for (let pass = 0; pass < 3; pass++) {
      claims.reset();
      expect([claims.claim(0), claims.claim(0)]).toEqual([0, undefined]);
      claims.revoke(0);
      expect([claims.claim(1), claims.claim(1)]).toEqual([0, undefined]);
    }
  });
});

describe('adding', () => {
  test('adds a block float by float, rounded to float32, and the probe loses nothing when one thread adds', () => {
    const probe = new Probe(words, START, 3);
    probe.reset();
    const [to, from] = [16384, 32768];
    [1, 0.1].forEach((value, i) => words.writeFloat(to + 4 * i, value));
    [2, 0.2].forEach((value, i) => words.writeFloat(from + 4 * i, value));
    for (let n = 0; n < 4; n++) addShared(words, to, from, 2, probe);
    let tenths = Math.fround(0.1);
    for (let n = 0; n < 4; n++) tenths = Math.fround(tenths + Math.fround(0.2));
    expect([words.readFloat(to), words.readFloat(to + 4)]).toEqual([9, tenths]);
    expect([probe.tried, probe.lost]).toEqual([12, 0]);
  });

  test('a cell that misses an update is counted as lost', () => {
    const probe = new Probe(words, START, 3);
    probe.reset();
    probe.add();
    const cell = START + Probe.bytes(3) - 64;
    const before = words.readFloat(cell);
    probe.add();
    words.writeFloat(cell, before);
    expect([probe.tried, probe.lost]).toEqual([6, 1]);
  });
});
