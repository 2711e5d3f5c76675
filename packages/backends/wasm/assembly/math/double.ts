/** Scalar functions in double precision, without tables: kernels keep no data in the shared memory. */

const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/** 2^n for -1022 <= n <= 1023. */
function power2(n: i64): f64 {
  return reinterpret<f64>((n + 1023) << 52);
}

/** eˣ to about 1e-15: x = n · ln 2 + r, and the series of e^r to r¹³, even and odd terms apart. */
export function exp64(x: f64): f64 {
  if (x != x) return x;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  const n = nearest(x * 1.4426950408889634);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const square = r * r;
  let even: f64 = 1.0 / 479001600;
  even = even * square + 1.0 / 3628800;
  even = even * square + 1.0 / 40320;
  even = even * square + 1.0 / 720;
  even = even * square + 1.0 / 24;
  even = even * square + 1.0 / 2;
  even = even * square + 1;
  let odd: f64 = 1.0 / 6227020800;
  odd = odd * square + 1.0 / 39916800;
  odd = odd * square + 1.0 / 362880;
  odd = odd * square + 1.0 / 5040;
  odd = odd * square + 1.0 / 120;
  odd = odd * square + 1.0 / 6;
  odd = odd * square + 1;
  const half = (<i64>n) >> 1;
  return (even + r * odd) * power2(half) * power2(<i64>n - half);
}

/** ln x to about 1e-15: x = m · 2^e with m near 1, and ln m = 2 · artanh s with s = (m − 1) / (m + 1). */
export function log64(given: f64): f64 {
  let x = given;
  if (x != x || x == Infinity) return x;
  if (x < 0) return NaN;
  if (x == 0) return -Infinity;
  let e: i64 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;
    e = -54;
  }
  const bits = reinterpret<i64>(x);
  e += (bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let sum: f64 = 1.0 / 23;
  sum = sum * square + 1.0 / 21;
  sum = sum * square + 1.0 / 19;
  sum = sum * square + 1.0 / 17;
  sum = sum * square + 1.0 / 15;
  sum = sum * square + 1.0 / 13;
  sum = sum * square + 1.0 / 11;
  sum = sum * square + 1.0 / 9;
  sum = sum * square + 1.0 / 7;
  sum = sum * square + 1.0 / 5;
  sum = sum * square + 1.0 / 3;
  sum = sum * square + 1;
  return 2 * s * sum + <f64>e * LN2_LOW + <f64>e * LN2_HIGH;
}
