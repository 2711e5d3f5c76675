/** a + x·y in each lane; rounded once in the relaxed build (a fused multiply-add), twice in the other. */
export function madd(x: v128, y: v128, a: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f32>(x, y, a);
  return v128.add<f32>(a, v128.mul<f32>(x, y));
}
