/** Multiply-adds that stay in registers, eight independent sums of four lanes: the most that this build's arithmetic gives. */

function madd(x: v128, y: v128, a: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f32>(x, y, a);
  return v128.add<f32>(a, v128.mul<f32>(x, y));
}

/**
 * 64 floating-point operations a turn. The sums start apart, for equal ones would be computed once. The factors are given, for Node 24 loads
 * constants anew at each use.
 */
export function multiplyAdd(turns: i32, factor: f32, other: f32): f32 {
  const x = v128.splat<f32>(factor);
  const y = v128.splat<f32>(other);
  let a = v128.splat<f32>(0);
  let b = v128.splat<f32>(1);
  let c = v128.splat<f32>(2);
  let d = v128.splat<f32>(3);
  let e = v128.splat<f32>(4);
  let f = v128.splat<f32>(5);
  let g = v128.splat<f32>(6);
  let h = v128.splat<f32>(7);
  for (let i = 0; i < turns; i++) {
    a = madd(x, y, a);
    b = madd(x, y, b);
    c = madd(x, y, c);
    d = madd(x, y, d);
    e = madd(x, y, e);
    f = madd(x, y, f);
    g = madd(x, y, g);
    h = madd(x, y, h);
  }
  const sum = v128.add<f32>(
    v128.add<f32>(v128.add<f32>(a, b), v128.add<f32>(c, d)),
    v128.add<f32>(v128.add<f32>(e, f), v128.add<f32>(g, h)),
  );
  return v128.extract_lane<f32>(sum, 0);
}
