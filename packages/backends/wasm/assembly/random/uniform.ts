/**
 * Uniform in [0, 1) with 24 bits, from Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011).
 */

const PARITY: i32 = 0x1bd11bda;

/** Rotations of the rounds, a byte each, the first in the lowest. */
const ROTATIONS: u64 = 0x1810_1d11_061a_0f0d;

function keyWord(index: i32, key0: i32, key1: i32): i32 {
  const i = index % 3;
  return i == 0 ? key0 : i == 1 ? key1 : PARITY ^ key0 ^ key1;
}

/** Two words of the block with that counter, the first in the low half. */
function threefry(key0: i32, key1: i32, counter0: i32, counter1: i32): u64 {
  let x = counter0 + key0;
  let y = counter1 + key1;
  for (let round = 0; round < 20; round++) {
    const r = <i32>((ROTATIONS >> ((<u64>(round & 7)) << 3)) & 0xff);
    x += y;
    y = rotl<u32>(y, r) ^ x;
    if ((round & 3) == 3) {
      const injection = (round >> 2) + 1;
      x += keyWord(injection, key0, key1);
      y += keyWord(injection + 1, key0, key1) + injection;
    }
  }
  return (<u64>(<u32>x)) | ((<u64>(<u32>y)) << 32);
}

function fraction(word: u64): f32 {
  return <f32>((<u32>word) >>> 8) * <f32>5.9604644775390625e-8;
}

/**
 * y [rows][perRow]: element e of row n is a word of the block with counter (n · ⌈perRow / 2⌉ + ⌊e / 2⌋, step), where rows are numbered
 * from `first`.
 */
export function randomUniform(y: usize, rows: i32, perRow: i32, first: i32, step: i32, key0: i32, key1: i32): void {
  const blocks = (perRow + 1) >> 1;
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const words = threefry(key0, key1, (first + row) * blocks + block, step);
      store<f32>(y, fraction(words));
      y += 4;
      if (2 * block + 1 < perRow) {
        store<f32>(y, fraction(words >> 32));
        y += 4;
      }
    }
  }
}
