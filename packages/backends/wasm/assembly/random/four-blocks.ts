/** Four blocks of Threefry-2x32 at a time, a block in each lane; see threefry.ts for one. */
import { PARITY, TO_FRACTION } from './threefry';

function rotated(x: v128, r: i32): v128 {
  return v128.or(v128.shl<i32>(x, r), v128.shr<u32>(x, 32 - r));
}

/** Of words in four lanes: 24 bits each, below 2²⁴, so that the conversion is exact. */
function fractions(words: v128): v128 {
  return v128.mul<f32>(f32x4.convert_i32x4_s(v128.shr<u32>(words, 8)), v128.splat<f32>(TO_FRACTION));
}

/** Writes the eight numbers of the blocks with counters (counter0 + 0 … 3, counter1), in their order. */
export function fourBlocks(y: usize, counter0: i32, counter1: i32, key0: i32, key1: i32): void {
  let k0 = key0;
  let k1 = key1;
  let k2 = PARITY ^ key0 ^ key1;
  let a = v128.add<i32>(v128.splat<i32>(counter0 + key0), i32x4(0, 1, 2, 3));
  let b = v128.splat<i32>(counter1 + key1);
  for (let group = 1; group <= 5; group++) {
    const isOdd = (group & 1) == 1;
    a = v128.add<i32>(a, b);
    b = v128.xor(rotated(b, isOdd ? 13 : 17), a);
    a = v128.add<i32>(a, b);
    b = v128.xor(rotated(b, isOdd ? 15 : 29), a);
    a = v128.add<i32>(a, b);
    b = v128.xor(rotated(b, isOdd ? 26 : 16), a);
    a = v128.add<i32>(a, b);
    b = v128.xor(rotated(b, isOdd ? 6 : 24), a);
    // The words of the key take turns.
    const first = k0;
    k0 = k1;
    k1 = k2;
    k2 = first;
    a = v128.add<i32>(a, v128.splat<i32>(k0));
    b = v128.add<i32>(b, v128.splat<i32>(k1 + group));
  }
  const low = fractions(a);
  const high = fractions(b);
  v128.store(y, v128.shuffle<i32>(low, high, 0, 4, 1, 5));
  v128.store(y, v128.shuffle<i32>(low, high, 2, 6, 3, 7), 16);
}
