/** Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). */

export const PARITY: i32 = 0x1bd11bda;

/** 2⁻²⁴: makes a number in [0, 1) of the upper 24 bits of a word. */
export const TO_FRACTION: f32 = 5.9604644775390625e-8;

/** Rotations of the rounds, a byte each, the first in the lowest. */
const ROTATIONS: u64 = 0x1810_1d11_061a_0f0d;

function keyWord(index: i32, key0: i32, key1: i32): i32 {
  const i = index % 3;
  return i == 0 ? key0 : i == 1 ? key1 : PARITY ^ key0 ^ key1;
}

/** Two words of the block with that counter, the first in the low half. */
export function threefry(key0: i32, key1: i32, counter0: i32, counter1: i32): u64 {
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
