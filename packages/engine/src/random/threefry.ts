const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 * A bijection of the counter for each key, from 32-bit adds, rotations and xors alone, so that any thread can draw
 * any number on its own. Writes two u32 words to `out`.
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number, out: Uint32Array): void {
  const key2 = PARITY ^ key0 ^ key1;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round & 7] as number;
    x = (x + y) | 0;
    y = ((y << r) | (y >>> (32 - r))) ^ x;
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1;
      x = (x + keyWord(injection, key0, key1, key2)) | 0;
      y = (y + keyWord(injection + 1, key0, key1, key2) + injection) | 0;
    }
  }
  out[0] = x;
  out[1] = y;
}

function keyWord(index: number, key0: number, key1: number, key2: number): number {
  const i = index % 3;
  return i === 0 ? key0 : i === 1 ? key1 : key2;
}
