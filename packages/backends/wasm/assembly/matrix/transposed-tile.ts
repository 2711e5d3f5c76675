import { madd } from './madd';

/** The sums of the lanes of four vectors, each as (0 + 2) + (1 + 3). */
function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = v128.add<f32>(v128.shuffle<i64>(a, b, 0, 2), v128.shuffle<i64>(a, b, 1, 3));
  const cd = v128.add<f32>(v128.shuffle<i64>(c, d, 0, 2), v128.shuffle<i64>(c, d, 1, 3));
  return v128.add<f32>(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
}

/**
 * Two rows of four columns of a·bᵀ, both contiguous along the sum: c[i][j] = Σ a_i[l] · b_j[l], l < length. The last one to three
 * of the sum are added one by one.
 */
export function tile2x4OfRows(
  a0: usize,
  a1: usize,
  b: usize,
  b1: usize,
  b2: usize,
  b3: usize,
  length: i32,
  c0: usize,
  c1: usize,
): void {
  let s00 = v128.splat<f32>(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  const end = a0 + ((<usize>(length & ~3)) << 2);
  while (a0 < end) {
    const x0 = v128.load(a0);
    const x1 = v128.load(a1);
    const y0 = v128.load(b);
    s00 = madd(x0, y0, s00);
    s10 = madd(x1, y0, s10);
    const y1 = v128.load(b1);
    s01 = madd(x0, y1, s01);
    s11 = madd(x1, y1, s11);
    const y2 = v128.load(b2);
    s02 = madd(x0, y2, s02);
    s12 = madd(x1, y2, s12);
    const y3 = v128.load(b3);
    s03 = madd(x0, y3, s03);
    s13 = madd(x1, y3, s13);
    a0 += 16;
    a1 += 16;
    b += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  let t0 = sumsOfLanes(s00, s01, s02, s03);
  let t1 = sumsOfLanes(s10, s11, s12, s13);
  for (let l = length & 3; l > 0; l--) {
    let y = v128.load32_zero(b);
    y = v128.load32_lane(b1, y, 1);
    y = v128.load32_lane(b2, y, 2);
    y = v128.load32_lane(b3, y, 3);
    t0 = v128.add<f32>(t0, v128.mul<f32>(v128.load32_splat(a0), y));
    t1 = v128.add<f32>(t1, v128.mul<f32>(v128.load32_splat(a1), y));
    a0 += 4;
    a1 += 4;
    b += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
  v128.store(c0, t0);
  v128.store(c1, t1);
}
