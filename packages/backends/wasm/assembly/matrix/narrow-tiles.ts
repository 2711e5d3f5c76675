/** As the tiles of 16 columns, for at most eight: four rows at a time, the same registers. */
import { madd } from './madd';
import { PANEL_ROW } from './tiles';

/** Columns of a narrow tile. */
export const NARROW: i32 = 8;

/** `tiles2x16` for the first eight columns; `rows` is a multiple of 4. */
export function tiles4x8(
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
  for (; rows > 0; rows -= 4) {
    const a0 = a + <usize>load<u32>(places);
    const a1 = a + <usize>load<u32>(places, 8);
    const a2 = a + <usize>load<u32>(places, 16);
    const a3 = a + <usize>load<u32>(places, 24);
    const c0 = c + <usize>load<u32>(places, 4);
    const c1 = c + <usize>load<u32>(places, 12);
    const c2 = c + <usize>load<u32>(places, 20);
    const c3 = c + <usize>load<u32>(places, 28);
    places += 32;
    let s00 = v128.splat<f32>(0);
    let s01 = s00;
    let s10 = s00;
    let s11 = s00;
    let s20 = s00;
    let s21 = s00;
    let s30 = s00;
    let s31 = s00;
    if (adds) {
      s00 = v128.load(c0);
      s01 = v128.load(c0, 16);
      s10 = v128.load(c1);
      s11 = v128.load(c1, 16);
      s20 = v128.load(c2);
      s21 = v128.load(c2, 16);
      s30 = v128.load(c3);
      s31 = v128.load(c3, 16);
    }
    let from = b;
    for (let t = 0; t < taps; t++) {
      let offset = <usize>load<u32>(offsets + ((<usize>t) << 2));
      const end = offset + bytes;
      while (offset < end) {
        const y0 = v128.load(from);
        const y1 = v128.load(from, 16);
        const x0 = v128.load32_splat(a0 + offset);
        s00 = madd(x0, y0, s00);
        s01 = madd(x0, y1, s01);
        const x1 = v128.load32_splat(a1 + offset);
        s10 = madd(x1, y0, s10);
        s11 = madd(x1, y1, s11);
        const x2 = v128.load32_splat(a2 + offset);
        s20 = madd(x2, y0, s20);
        s21 = madd(x2, y1, s21);
        const x3 = v128.load32_splat(a3 + offset);
        s30 = madd(x3, y0, s30);
        s31 = madd(x3, y1, s31);
        offset += 4;
        from += bRow;
      }
    }
    v128.store(c0, s00);
    v128.store(c0, s01, 16);
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    v128.store(c2, s20);
    v128.store(c2, s21, 16);
    v128.store(c3, s30);
    v128.store(c3, s31, 16);
  }
}

/** `tilesOverPixels` for the first eight columns; `rows` is a multiple of 4. Reads up to three floats beyond a. */
export function narrowTilesOverPixels(
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
  for (; rows > 0; rows -= 4) {
    const c1 = c + cRow;
    const c2 = c1 + cRow;
    const c3 = c2 + cRow;
    let s00 = v128.splat<f32>(0);
    let s01 = s00;
    let s10 = s00;
    let s11 = s00;
    let s20 = s00;
    let s21 = s00;
    let s30 = s00;
    let s31 = s00;
    if (adds) {
      s00 = v128.load(c);
      s01 = v128.load(c, 16);
      s10 = v128.load(c1);
      s11 = v128.load(c1, 16);
      s20 = v128.load(c2);
      s21 = v128.load(c2, 16);
      s30 = v128.load(c3);
      s31 = v128.load(c3, 16);
    }
    let from = b;
    let start = a;
    for (let line = 0; line < lines; line++) {
      let p = start;
      const end = p + bytes;
      while (p < end) {
        const y0 = v128.load(from);
        const y1 = v128.load(from, 16);
        const x0 = v128.load32_splat(p);
        s00 = madd(x0, y0, s00);
        s01 = madd(x0, y1, s01);
        const x1 = v128.load32_splat(p, 4);
        s10 = madd(x1, y0, s10);
        s11 = madd(x1, y1, s11);
        const x2 = v128.load32_splat(p, 8);
        s20 = madd(x2, y0, s20);
        s21 = madd(x2, y1, s21);
        const x3 = v128.load32_splat(p, 12);
        s30 = madd(x3, y0, s30);
        s31 = madd(x3, y1, s31);
        p += aStep;
        from += PANEL_ROW;
      }
      start += aLine;
    }
    v128.store(c, s00);
    v128.store(c, s01, 16);
    v128.store(c1, s10);
    v128.store(c1, s11, 16);
    v128.store(c2, s20);
    v128.store(c2, s21, 16);
    v128.store(c3, s30);
    v128.store(c3, s31, 16);
    a += 16;
    c += 4 * cRow;
  }
}
