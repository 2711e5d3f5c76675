/** Reduction of large arguments of sine and cosine with integers (Payne and Hanek, SIGNUM Newsletter 18, 1983). */

/** Bits of 2/π after the point, 64 at a time, six zeros in front. */
function twoOverPi(word: i32): u64 {
  if (word == 0) return 0x028be60db9391054;
  if (word == 1) return 0xa7f09d5f47d4d377;
  return word == 2 ? 0x036d8a5664f10e41 : 0x07f9458eaf7aef15;
}

/** 64 of these bits, from one on. */
function bitsFrom(first: i32): u64 {
  const word = first >> 6;
  const skipped = <u64>(first & 63);
  if (skipped == 0) return twoOverPi(word);
  return (twoOverPi(word) << skipped) | (twoOverPi(word + 1) >> (64 - skipped));
}

/**
 * x · 2/π modulo 4, times 2⁶², of a float32 x >= 2²⁰. With x = m · 2^e, m of 24 bits, those bits of 2/π that give multiples of 4 are
 * left out; so 64 of them, and 32 more for what they carry, are enough at any size.
 */
export function quarterTurns(x: f64): u64 {
  const bits = reinterpret<u64>(x);
  const m = ((bits & 0x000fffffffffffff) | 0x0010000000000000) >> 29;
  const e = <i32>(bits >> 52) - 1023 - 23;
  const first = e + 4;
  return m * bitsFrom(first) + ((m * (bitsFrom(first + 64) >> 32)) >> 32);
}
