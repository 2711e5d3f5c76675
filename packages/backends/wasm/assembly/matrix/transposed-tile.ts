import { madd } from './madd';

/** The sum of four lanes, as (0 + 2) + (1 + 3). */
function sumOfLanes(s: v128): f32 {
  const pairs = v128.add<f32>(s, v128.shuffle<i32>(s, s, 2, 3, 0, 1));
  return v128.extract_lane<f32>(pairs, 0) + v128.extract_lane<f32>(pairs, 1);
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
  let t00 = sumOfLanes(s00);
  let t01 = sumOfLanes(s01);
  let t02 = sumOfLanes(s02);
  let t03 = sumOfLanes(s03);
  let t10 = sumOfLanes(s10);
  let t11 = sumOfLanes(s11);
  let t12 = sumOfLanes(s12);
  let t13 = sumOfLanes(s13);
  for (let l = length & 3; l > 0; l--) {
    const x0 = load<f32>(a0);
    const x1 = load<f32>(a1);
    t00 += x0 * load<f32>(b);
    t01 += x0 * load<f32>(b1);
    t02 += x0 * load<f32>(b2);
    t03 += x0 * load<f32>(b3);
    t10 += x1 * load<f32>(b);
    t11 += x1 * load<f32>(b1);
    t12 += x1 * load<f32>(b2);
    t13 += x1 * load<f32>(b3);
    a0 += 4;
    a1 += 4;
    b += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
  store<f32>(c0, t00);
  store<f32>(c0, t01, 4);
  store<f32>(c0, t02, 8);
  store<f32>(c0, t03, 12);
  store<f32>(c1, t10);
  store<f32>(c1, t11, 4);
  store<f32>(c1, t12, 8);
  store<f32>(c1, t13, 12);
}
