/**
 * The innermost products. Each tile keeps eight sums of four lanes, two or six operands and nothing else in registers: with sixteen of
 * them, a larger tile or an unrolled loop spills. The loops over tiles are inside, for a call costs as much as a short sum.
 */
import { madd } from './madd';

/** Columns of a packed panel. */
export const COLUMNS: i32 = 16;
/** Bytes of a row of a packed panel. */
export const PANEL_ROW: usize = 64;

/**
 * Rows of 16 columns, two at a time: c_i[j] = Σ a_i[offset_t + l] · b[t · run + l][j] over taps t < taps and l < run; added to what is
 * there if `adds`. `places` has the offsets in bytes of a_i from `a` and of c_i from `c`, a pair for each row; `rows` is even. Offsets of
 * taps are bytes; rows of b [taps · run][16] are `bRow` bytes apart.
 */
export function tiles2x16(
  places: usize,
  rows: i32,
  a: usize,
  c: usize,
  offsets: usize,
  taps: i32,
  run: i32,
  b: usize,
  bRow: usize,
  adds: bool,
): void {
  const bytes = (<usize>run) << 2;
  for (; rows > 0; rows -= 2) {
    const a0 = a + <usize>load<u32>(places);
    const c0 = c + <usize>load<u32>(places, 4);
    const a1 = a + <usize>load<u32>(places, 8);
    const c1 = c + <usize>load<u32>(places, 12);
    places += 16;
    let s00 = v128.splat<f32>(0);
    let s01 = s00;
    let s02 = s00;
    let s03 = s00;
    let s10 = s00;
    let s11 = s00;
    let s12 = s00;
    let s13 = s00;
    if (adds) {
      s00 = v128.load(c0);
      s01 = v128.load(c0, 16);
      s02 = v128.load(c0, 32);
      s03 = v128.load(c0, 48);
      s10 = v128.load(c1);
      s11 = v128.load(c1, 16);
      s12 = v128.load(c1, 32);
      s13 = v128.load(c1, 48);
    }
    let from = b;
    for (let t = 0; t < taps; t++) {
      const offset = <usize>load<u32>(offsets + ((<usize>t) << 2));
      let p0 = a0 + offset;
      let p1 = a1 + offset;
      const end = p0 + bytes;
      while (p0 < end) {
        const x0 = v128.load32_splat(p0);
        const x1 = v128.load32_splat(p1);
        const y0 = v128.load(from);
        const y1 = v128.load(from, 16);
        s00 = madd(x0, y0, s00);
        s10 = madd(x1, y0, s10);
        s01 = madd(x0, y1, s01);
        s11 = madd(x1, y1, s11);
        const y2 = v128.load(from, 32);
        const y3 = v128.load(from, 48);
        s02 = madd(x0, y2, s02);
        s12 = madd(x1, y2, s12);
        s03 = madd(x0, y3, s03);
        s13 = madd(x1, y3, s13);
        p0 += 4;
        p1 += 4;
        from += bRow;
      }
    }
    v128.store(c0, s00);
    v128.store(c0, s01, 16);
    v128.store(c0, s02, 32);
    v128.store(c0, s03, 48);
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    v128.store(c1, s12, 32);
    v128.store(c1, s13, 48);
  }
}

/**
 * Rows of 16 columns, two at a time, of sums over pixels: c[i][j] = Σ a[pixel][i] · b[pixel][j], added to what is there if `adds`. The
 * pixels of a lie in `lines` lines of `length`, `aStep` bytes apart in a line and `aLine` bytes from line to line; those of b follow one
 * another, 64 bytes each. Rows of c are `cRow` bytes apart; `rows` is even.
 */
export function tilesOverPixels(
  a: usize,
  aStep: usize,
  aLine: usize,
  lines: i32,
  length: i32,
  b: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  adds: bool,
): void {
  const bytes = <usize>length * aStep;
  for (; rows > 0; rows -= 2) {
    const c1 = c + cRow;
    let s00 = v128.splat<f32>(0);
    let s01 = s00;
    let s02 = s00;
    let s03 = s00;
    let s10 = s00;
    let s11 = s00;
    let s12 = s00;
    let s13 = s00;
    if (adds) {
      s00 = v128.load(c);
      s01 = v128.load(c, 16);
      s02 = v128.load(c, 32);
      s03 = v128.load(c, 48);
      s10 = v128.load(c1);
      s11 = v128.load(c1, 16);
      s12 = v128.load(c1, 32);
      s13 = v128.load(c1, 48);
    }
    let from = b;
    let start = a;
    for (let line = 0; line < lines; line++) {
      let p = start;
      const end = p + bytes;
      while (p < end) {
        const x0 = v128.load32_splat(p);
        const x1 = v128.load32_splat(p, 4);
        const y0 = v128.load(from);
        const y1 = v128.load(from, 16);
        s00 = madd(x0, y0, s00);
        s10 = madd(x1, y0, s10);
        s01 = madd(x0, y1, s01);
        s11 = madd(x1, y1, s11);
        const y2 = v128.load(from, 32);
        const y3 = v128.load(from, 48);
        s02 = madd(x0, y2, s02);
        s12 = madd(x1, y2, s12);
        s03 = madd(x0, y3, s03);
        s13 = madd(x1, y3, s13);
        p += aStep;
        from += PANEL_ROW;
      }
      start += aLine;
    }
    v128.store(c, s00);
    v128.store(c, s01, 16);
    v128.store(c, s02, 32);
    v128.store(c, s03, 48);
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    v128.store(c1, s12, 32);
    v128.store(c1, s13, 48);
    a += 8;
    c += 2 * cRow;
  }
}
