/** The input gradient for few channels: what a pixel of dy adds to all taps is one product, whose columns are full. */
import { finished } from '../finished';
import { packTransposed, paddedColumns } from '../matrix/pack';
import { ROWS_SCRATCH } from '../matrix/rows';
import { addRange } from '../reduction/ranges';
import { correlate } from './correlate';
import { alignedFloats, toChannelsFirst, toChannelsLast } from './images';

/** Floats of the products that are worked on at a time: 16 KiB of the first-level cache. */
const BLOCK: i32 = 4096;

/** dx[n,h,w,c] = Σ dy[n,p,q,k] · f[r,s,c,k], for each pixel p, q a product of all r, s, c, added to dx where it belongs. */
export function scatterInputGradient(
  dy: usize,
  f: usize,
  dx: usize,
  examples: i32,
  H: i32,
  W: i32,
  C: i32,
  P: i32,
  Q: i32,
  K: i32,
  R: i32,
  S: i32,
  strideH: i32,
  strideW: i32,
  dilationH: i32,
  dilationW: i32,
  top: i32,
  left: i32,
  channelsLast: bool,
  scratch: usize,
): void {
  const width = paddedColumns(R * S * C);
  const rowBytes = (<usize>width) << 2;
  const table = scratch;
  const offset = table + ROWS_SCRATCH;
  const packed = offset + 16;
  const products = packed + <usize>K * rowBytes;
  const image = products + <usize>pixelsAtOnce(width) * rowBytes;
  const result = image + ((<usize>alignedFloats(P * Q * K)) << 2);
  store<i32>(offset, 0);
  packTransposed(f, K, R * S * C, (<usize>K) << 2, packed, (<usize>K) << 6);
  for (let n = 0; n < examples; n++) {
    let from = dy + ((<usize>(n * P * Q * K)) << 2);
    const to = dx + ((<usize>(n * H * W * C)) << 2);
    const target = channelsLast ? to : result;
    if (!channelsLast) {
      toChannelsLast(from, P * Q, P * Q, K, image);
      from = image;
    }
    memory.fill(target, 0, (<usize>(H * W * C)) << 2);
    for (let first = 0; first < P * Q; first += pixelsAtOnce(width)) {
      const count = min(pixelsAtOnce(width), P * Q - first);
      const pixels = from + ((<usize>(first * K)) << 2);
      // One tap: each pixel by itself.
      correlate(pixels, 0, (<usize>K) << 2, offset, 1, K, packed, products, 0, rowBytes, 1, count, width, table);
      for (let i = 0; i < count; i++) {
        const h = ((first + i) / Q) * strideH - top;
        const w = ((first + i) % Q) * strideW - left;
        addTaps(products + <usize>i * rowBytes, target, h, w, H, W, C, R, S, dilationH, dilationW);
      }
    }
    if (!channelsLast) toChannelsFirst(result, H * W, C, to);
    finished(n);
  }
}

/** Floats of scratch: a table, an offset of 0, the packed filter, a block of products, one dy and one dx with channels last. */
export function scatterScratch(H: i32, W: i32, C: i32, P: i32, Q: i32, K: i32, R: i32, S: i32): i32 {
  const width = paddedColumns(R * S * C);
  const images = alignedFloats(P * Q * K) + H * W * C;
  return <i32>(ROWS_SCRATCH >> 2) + 4 + (K + pixelsAtOnce(width)) * width + images;
}

function pixelsAtOnce(width: i32): i32 {
  return min(256, max(8, BLOCK / width));
}

/** Adds [R][S][C] to the window at (h, w) of an image [H][W][C], as far as it lies inside. */
function addTaps(
  taps: usize,
  image: usize,
  h: i32,
  w: i32,
  H: i32,
  W: i32,
  C: i32,
  R: i32,
  S: i32,
  dilationH: i32,
  dilationW: i32,
): void {
  for (let r = 0; r < R; r++) {
    const row = h + r * dilationH;
    if (row < 0 || row >= H) continue;
    const from = taps + ((<usize>(r * S * C)) << 2);
    if (dilationW == 1) {
      // Taps beside one another lie so in the image too.
      const s = max(0, -w);
      const length = min(S, W - w) - s;
      const to = image + ((<usize>((row * W + w + s) * C)) << 2);
      if (length > 0) addRange(to, from + ((<usize>(s * C)) << 2), 0, length * C);
      continue;
    }
    for (let s = 0; s < S; s++) {
      const column = w + s * dilationW;
      if (column < 0 || column >= W) continue;
      addRange(image + ((<usize>((row * W + column) * C)) << 2), from + ((<usize>(s * C)) << 2), 0, C);
    }
  }
}
