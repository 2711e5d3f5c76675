/** Scalar functions in double precision, without tables: kernels keep no data in the shared memory. */

const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/** 2^n for -1022 <= n <= 1023. */
function power2(n: i64): f64 {
  return reinterpret<f64>((n + 1023) << 52);
}

/** eˣ to about 1e-15: x = n · ln 2 + r, and the series of e^r to r¹³. */
export function exp64(x: f64): f64 {
  if (x != x) return x;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  const n = nearest(x * 1.4426950408889634);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  let sum: f64 = 1;
  for (let i = 13; i > 0; i--) sum = 1 + (sum * r) / <f64>i;
  const half = (<i64>n) >> 1;
  return sum * power2(half) * power2(<i64>n - half);
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
  let sum: f64 = 0;
  for (let i = 23; i > 0; i -= 2) sum = sum * square + 1 / <f64>i;
  return 2 * s * sum + <f64>e * LN2_LOW + <f64>e * LN2_HIGH;
}
