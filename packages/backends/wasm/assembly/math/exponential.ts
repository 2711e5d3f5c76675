/** Four lanes at once, in the manner of Moshier's Cephes library (expf, logf, tanhf): a few units in the last place. */

/** 2^n in each lane for -126 <= n <= 127. */
function power2(n: v128): v128 {
  return v128.shl<i32>(v128.add<i32>(n, v128.splat<i32>(127)), 23);
}

/** Horner's rule, one step: sum · x + c. */
function horner(sum: v128, x: v128, c: f32): v128 {
  return v128.add<f32>(v128.mul<f32>(sum, x), v128.splat<f32>(c));
}

/** eˣ. */
export function exp4(given: v128): v128 {
  // Beyond these, infinity and 0.
  const x = v128.max<f32>(v128.min<f32>(given, v128.splat<f32>(89)), v128.splat<f32>(-104));
  const n = v128.nearest<f32>(v128.mul<f32>(x, v128.splat<f32>(1.44269504088896341)));
  const high = v128.sub<f32>(x, v128.mul<f32>(n, v128.splat<f32>(0.693359375)));
  const r = v128.sub<f32>(high, v128.mul<f32>(n, v128.splat<f32>(-2.1219444e-4)));
  let sum = v128.splat<f32>(1.98756915e-4);
  sum = horner(sum, r, 1.3981999507e-3);
  sum = horner(sum, r, 8.3334519073e-3);
  sum = horner(sum, r, 4.1665795894e-2);
  sum = horner(sum, r, 1.6666665459e-1);
  sum = horner(sum, r, 5.0000001201e-1);
  const y = v128.add<f32>(v128.add<f32>(v128.mul<f32>(v128.mul<f32>(sum, r), r), r), v128.splat<f32>(1));
  // In two factors, so that results may be subnormal, or n be 128.
  const whole = v128.trunc_sat<i32>(n);
  const half = v128.shr<i32>(whole, 1);
  return v128.mul<f32>(v128.mul<f32>(y, power2(half)), power2(v128.sub<i32>(whole, half)));
}

/** ln x. */
export function log4(given: v128): v128 {
  const zero = v128.splat<f32>(0);
  const one = v128.splat<f32>(1);
  const isSubnormal = v128.lt<f32>(given, v128.splat<f32>(1.17549435e-38));
  const x = v128.bitselect(v128.mul<f32>(given, v128.splat<f32>(8388608)), given, isSubnormal);
  // x = m · 2^e with m in [√½, √2).
  const bias = v128.bitselect(v128.splat<i32>(127 + 23), v128.splat<i32>(127), isSubnormal);
  let e = v128.convert<i32>(v128.sub<i32>(v128.shr<u32>(x, 23), bias));
  let m = v128.or(v128.and(x, v128.splat<i32>(0x007fffff)), one);
  const isLarge = v128.gt<f32>(m, v128.splat<f32>(1.41421356));
  m = v128.bitselect(v128.mul<f32>(m, v128.splat<f32>(0.5)), m, isLarge);
  e = v128.add<f32>(e, v128.and(isLarge, one));
  const z = v128.sub<f32>(m, one);
  const square = v128.mul<f32>(z, z);
  let sum = v128.splat<f32>(7.0376836292e-2);
  sum = horner(sum, z, -1.151461031e-1);
  sum = horner(sum, z, 1.167699874e-1);
  sum = horner(sum, z, -1.2420140846e-1);
  sum = horner(sum, z, 1.4249322787e-1);
  sum = horner(sum, z, -1.6668057665e-1);
  sum = horner(sum, z, 2.0000714765e-1);
  sum = horner(sum, z, -2.4999993993e-1);
  sum = horner(sum, z, 3.3333331174e-1);
  let y = v128.mul<f32>(v128.mul<f32>(sum, z), square);
  y = v128.add<f32>(y, v128.mul<f32>(e, v128.splat<f32>(-2.1219444e-4)));
  y = v128.sub<f32>(y, v128.mul<f32>(square, v128.splat<f32>(0.5)));
  y = v128.add<f32>(v128.add<f32>(z, y), v128.mul<f32>(e, v128.splat<f32>(0.693359375)));
  y = v128.bitselect(given, y, v128.eq<f32>(given, v128.splat<f32>(Infinity)));
  y = v128.bitselect(v128.splat<f32>(-Infinity), y, v128.eq<f32>(given, zero));
  // Below 0, and NaN itself.
  return v128.bitselect(y, v128.splat<f32>(NaN), v128.ge<f32>(given, zero));
}

/** ln(1 + x) = ln u · x / (u − 1) with u = 1 + x rounded, which takes the rounding out again (Kahan). */
export function log1p4(x: v128): v128 {
  const one = v128.splat<f32>(1);
  const u = v128.add<f32>(x, one);
  const log = log4(u);
  const y = v128.mul<f32>(log, v128.div<f32>(x, v128.sub<f32>(u, one)));
  const isItself = v128.or(v128.eq<f32>(u, one), v128.eq<f32>(u, v128.splat<f32>(Infinity)));
  return v128.bitselect(x, v128.bitselect(log, y, v128.eq<f32>(u, v128.splat<f32>(0))), isItself);
}

/** tanh x: an odd polynomial near 0, else 1 − 2 / (e^2|x| + 1) with the sign of x. */
export function tanh4(x: v128): v128 {
  const one = v128.splat<f32>(1);
  const two = v128.splat<f32>(2);
  const sign = v128.and(x, v128.splat<i32>(0x80000000));
  const size = v128.abs<f32>(x);
  const z = v128.mul<f32>(x, x);
  let sum = v128.splat<f32>(-5.70498872745e-3);
  sum = horner(sum, z, 2.06390887954e-2);
  sum = horner(sum, z, -5.37397155531e-2);
  sum = horner(sum, z, 1.33314422036e-1);
  sum = horner(sum, z, -3.33332819422e-1);
  const near = v128.add<f32>(v128.mul<f32>(v128.mul<f32>(sum, z), x), x);
  const far = v128.sub<f32>(one, v128.div<f32>(two, v128.add<f32>(exp4(v128.add<f32>(size, size)), one)));
  // The sign of −0 too, which the polynomial loses.
  return v128.or(v128.bitselect(near, far, v128.lt<f32>(size, v128.splat<f32>(0.625))), sign);
}
