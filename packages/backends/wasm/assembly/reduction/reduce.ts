/**
 * y[outer][inner] = sum or maximum of x[outer][reduced][inner] over the middle. Sums run in single precision over blocks of rows, which
 * are added up in double precision.
 */

/** Rows of a block. */
const BLOCK: i32 = 64;
/** Vectors of a block of one contiguous row. */
const VECTORS: i32 = 256;

export function reduceSum(x: usize, y: usize, outer: i32, reduced: i32, inner: i32): void {
  const rowBytes = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<f32>(y, <f32>sumOfRow(x, reduced));
    else sumColumns(x, y, reduced, inner, false);
    x += <usize>reduced * rowBytes;
    y += rowBytes;
  }
}

/** y[column] = Σ x[row][column]; added to what is there, in single precision, if `adds`. */
export function sumColumns(x: usize, y: usize, rows: i32, length: i32, adds: bool): void {
  const rowBytes = (<usize>length) << 2;
  let i = 0;
  for (; i + 16 <= length; i += 16) sumOf16(x + ((<usize>i) << 2), rows, rowBytes, y + ((<usize>i) << 2), adds);
  for (; i < length; i++) {
    const to = y + ((<usize>i) << 2);
    const sum = sumOfColumn(x + ((<usize>i) << 2), rows, rowBytes);
    store<f32>(to, adds ? load<f32>(to) + sum : sum);
  }
}

/** 16 columns: a cache line of each row. */
function sumOf16(x: usize, rows: i32, rowBytes: usize, y: usize, adds: bool): void {
  let t0 = v128.splat<f64>(0);
  let t1 = t0;
  let t2 = t0;
  let t3 = t0;
  let t4 = t0;
  let t5 = t0;
  let t6 = t0;
  let t7 = t0;
  for (let row = 0; row < rows; row += BLOCK) {
    let s0 = v128.splat<f32>(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let end = min(row + BLOCK, rows) - row; end > 0; end--) {
      s0 = v128.add<f32>(s0, v128.load(x));
      s1 = v128.add<f32>(s1, v128.load(x, 16));
      s2 = v128.add<f32>(s2, v128.load(x, 32));
      s3 = v128.add<f32>(s3, v128.load(x, 48));
      x += rowBytes;
    }
    t0 = v128.add<f64>(t0, low(s0));
    t1 = v128.add<f64>(t1, high(s0));
    t2 = v128.add<f64>(t2, low(s1));
    t3 = v128.add<f64>(t3, high(s1));
    t4 = v128.add<f64>(t4, low(s2));
    t5 = v128.add<f64>(t5, high(s2));
    t6 = v128.add<f64>(t6, low(s3));
    t7 = v128.add<f64>(t7, high(s3));
  }
  let s0 = joined(t0, t1);
  let s1 = joined(t2, t3);
  let s2 = joined(t4, t5);
  let s3 = joined(t6, t7);
  if (adds) {
    s0 = v128.add<f32>(v128.load(y), s0);
    s1 = v128.add<f32>(v128.load(y, 16), s1);
    s2 = v128.add<f32>(v128.load(y, 32), s2);
    s3 = v128.add<f32>(v128.load(y, 48), s3);
  }
  v128.store(y, s0);
  v128.store(y, s1, 16);
  v128.store(y, s2, 32);
  v128.store(y, s3, 48);
}

/** The first two lanes in double precision. */
function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** The last two lanes in double precision. */
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}

/** Four lanes, rounded from two pairs of doubles. */
function joined(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

function sumOfColumn(x: usize, rows: i32, rowBytes: usize): f32 {
  let total: f64 = 0;
  for (let row = 0; row < rows; row += BLOCK) {
    let sum: f32 = 0;
    for (let end = min(row + BLOCK, rows) - row; end > 0; end--) {
      sum += load<f32>(x);
      x += rowBytes;
    }
    total += <f64>sum;
  }
  return <f32>total;
}

/** Of contiguous elements. */
function sumOfRow(x: usize, length: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i + 4 <= length) {
    let sum = v128.splat<f32>(0);
    for (let n = 0; n < VECTORS && i + 4 <= length; n++) {
      sum = v128.add<f32>(sum, v128.load(x));
      x += 16;
      i += 4;
    }
    const pairs = v128.add<f64>(low(sum), high(sum));
    total += v128.extract_lane<f64>(pairs, 0) + v128.extract_lane<f64>(pairs, 1);
  }
  for (; i < length; i++) {
    total += <f64>load<f32>(x);
    x += 4;
  }
  return total;
}

/** NaN where an element is; minus infinity of nothing. */
export function reduceMax(x: usize, y: usize, outer: i32, reduced: i32, inner: i32): void {
  const rowBytes = (<usize>inner) << 2;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let best: f32 = -Infinity;
      let from = x + ((<usize>i) << 2);
      for (let row = 0; row < reduced; row++) {
        best = max<f32>(best, load<f32>(from));
        from += rowBytes;
      }
      store<f32>(y + ((<usize>i) << 2), best);
    }
    x += <usize>reduced * rowBytes;
    y += rowBytes;
  }
}
