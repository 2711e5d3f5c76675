import { expect, test } from 'vitest';
import { Arena } from '../../packages/engine/dist/memory/arena.js';

const MIB = 2 ** 20;
const WHOLE = 4096 * MIB;

test('what is given back can be had again, in one piece with its neighbours', () => {
  const arena = new Arena();
  const before = arena.available;
  const [a, b, c] = [arena.allocate(MIB), arena.allocate(2 * MIB), arena.allocate(MIB)];
  expect(new Set([a, b, c]).size).toBe(3);
  arena.free(a);
  arena.free(b);
  expect(arena.allocate(3 * MIB)).toBe(a);
  arena.free(a);
  arena.free(c);
  expect(arena.available).toBe(before);
});

test('blocks begin at cache lines, never at address 0, and do not overlap', () => {
  const arena = new Arena();
  const sizes = [1, 64, 65, 1000, 4];
  const blocks = sizes.map((size) => ({ start: arena.allocate(size), size })).toSorted((a, b) => a.start - b.start);
  blocks.forEach(({ start }, i) => {
    expect(start % 64).toBe(0);
    expect(start).toBeGreaterThanOrEqual(i === 0 ? 64 : blocks[i - 1].start + blocks[i - 1].size);
  });
});

test('more than is left is refused with both sizes, and takes nothing', () => {
  const arena = new Arena();
  const before = arena.available;
  expect(before).toBeLessThan(WHOLE);
  expect(() => arena.allocate(WHOLE)).toThrow(/4096\.0 MiB.*4 GiB.*left/);
  expect(arena.available).toBe(before);
});

test('a vector that begins in the last block and ends beyond it can be read', () => {
  const arena = new Arena();
  // Blocks that end where a page does.
  const address = arena.allocate(65536 - 64);
  expect(address + 65536 - 64).toBe(65536);
  expect(arena.memory.buffer.byteLength).toBeGreaterThanOrEqual(65536 + 64);
});
